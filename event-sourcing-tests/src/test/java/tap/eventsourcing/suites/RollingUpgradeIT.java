package tap.eventsourcing.suites;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.Handled;
import tap.eventsourcing.Load;
import tap.eventsourcing.Reaction;
import tap.eventsourcing.UnknownEventType;
import tap.eventsourcing.followers.Follower;
import tap.eventsourcing.followers.FollowerOptions;
import tap.eventsourcing.followers.Positions;
import tap.eventsourcing.relay.Relay;
import tap.eventsourcing.suites.NewerTally.Command;
import tap.eventsourcing.suites.Tally.Add;
import tap.eventsourcing.suites.Tally.Added;
import tap.eventsourcing.suites.Tally.Full;
import tap.eventsourcing.topics.Broker;
import tap.testkit.infrastructure.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Pods of two builds on one store, one topic and one follower's database; the relay is always the old build's. The newer build adds an
 * optional member, another form of heads and a new type; of the new type the old build's next release can only read.
 */
class RollingUpgradeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int STREAMS = 24;

    private final TallyService service = new TallyService("upgrade");
    private final TestDatabase copy = TestDatabase.create("upgrade_copy", TestDatabase.EVENT_SOURCING);
    private final Pool copies = copy.pool(8);
    private final Broker broker = new Broker(service.topics.bootstrap());
    private final Positions positions = new Positions(
            service.topics.bootstrap(), service.topics.name(TallyService.POSITIONS), "reader", service.topics.prefix());
    private final List<FollowingPod> pods = new ArrayList<>();
    private final Set<Integer> applying = ConcurrentHashMap.newKeySet();
    private final CommandHandler<Add, Tally, Added, Full> old = service.handler;
    private final CommandHandler<Add, Tally, Added, Full> readingNewer = new CommandHandler<>(
            service.store, service.pool, new Tally.Rules(), Tally.READING_NEWER_EVENTS, Tally.states(1), () -> {});
    private final CommandHandler<Command, NewerTally, NewerTally.Event, NewerTally.Never> newer = new CommandHandler<>(
            service.store, service.pool, new NewerTally.Rules(), NewerTally.EVENTS, NewerTally.STATES, () -> {});
    private Relay relay;

    @BeforeEach
    void open() {
        positions.start();
        relay = service.startedRelay("old-build");
    }

    @AfterEach
    void close() {
        pods.forEach(FollowingPod::close);
        relay.close();
        positions.close();
        broker.close();
        copy.close();
        service.close();
    }

    @Test
    void two_builds_decide_on_one_stream_by_turns_and_neither_loses_what_it_knows() {
        assertThat(add(old, "a")).isEqualTo(new Tally.Counted(1));
        assertThat(tell(new Command.Add("of the newer"), "a")).isEqualTo(new NewerTally.Counted(2, "of the newer"));
        assertThat(add(old, "a")).isEqualTo(new Tally.Counted(3));
        assertThat(tell(new Command.Add(null), "a")).isEqualTo(new NewerTally.Counted(4, "of the newer"));
    }

    @Test
    void two_builds_race_on_one_stream_and_every_command_counts_once() {
        List<Uni<Object>> commands = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            commands.add(handled(old, "a").map(accepted -> accepted));
            commands.add(handled(new Command.Add("note " + i), "a").map(accepted -> accepted));
        }
        Uni.join().all(commands).andFailFast().await().atMost(PATIENCE);

        assertThat(add(old, "a")).isEqualTo(new Tally.Counted(41));
        assertThat(tell(new Command.Add(null), "a")).isInstanceOfSatisfying(NewerTally.Counted.class, counted -> {
            assertThat(counted.total()).isEqualTo(42);
            assertThat(counted.note()).startsWith("note ");
        });
    }

    @Test
    void followers_of_two_builds_apply_an_added_member_and_nothing_waits() {
        Follower oldFollower = follower(Tally.EVENTS);
        Follower newFollower = follower(NewerTally.EVENTS);
        each(stream -> tell(new Command.Add("a note"), stream));
        each(stream -> add(old, stream));

        awaitAllReceived();
        assertThat(oldFollower.held() + newFollower.held()).isZero();
        assertThat(parked()).isZero();
        assertThat(service.topics.records(TallyService.TALLIES))
                .as("what the relay of the old build made of events of the newer one")
                .anySatisfy(record -> assertThat(new String(record.value(), StandardCharsets.UTF_8))
                        .isEqualTo("{\"total\":1,\"note\":\"a note\"}"));
    }

    @Test
    void a_new_type_waits_at_followers_of_the_old_build_until_the_upgrade_goes_on() {
        Follower oldFollower = follower(Tally.EVENTS);
        FollowingPod oldPod = pods.getFirst();
        follower(NewerTally.EVENTS);
        await("both pods to have partitions").atMost(PATIENCE).until(() -> {
            each(stream -> tell(new Command.Add(null), stream));
            return applying.size() == 2;
        });
        awaitAllReceived();

        each(stream -> tell(new Command.Empty(), stream));
        each(stream -> tell(new Command.Add(null), stream));
        await().atMost(PATIENCE).until(() -> oldFollower.held() > 0);
        assertThat(received()).isLessThan(written());

        oldPod.close();
        awaitAllReceived();
        assertThat(parked()).isZero();
    }

    @Test
    void when_readers_ship_one_release_before_writers_nothing_waits_and_the_writers_can_be_rolled_back() {
        Follower one = follower(Tally.READING_NEWER_EVENTS);
        Follower other = follower(NewerTally.EVENTS);
        each(stream -> add(old, stream));
        each(stream -> tell(new Command.Empty(), stream));
        // rolled back: the release before wrote nothing of the kind and goes on with it all the same
        each(stream -> assertThat(add(readingNewer, stream)).isEqualTo(new Tally.Counted(1)));
        // and forward again
        each(stream -> assertThat(tell(new Command.Add("x"), stream)).isEqualTo(new NewerTally.Counted(2, "x")));

        awaitAllReceived();
        assertThat(one.held() + other.held()).isZero();
        assertThat(parked()).isZero();
    }

    @Test
    void a_build_that_cannot_read_a_stream_refuses_to_decide_on_it_and_on_no_other() {
        tell(new Command.Add("x"), "emptied");
        tell(new Command.Empty(), "emptied");
        tell(new Command.Add("x"), "other");

        assertThatThrownBy(() -> add(old, "emptied")).isInstanceOf(UnknownEventType.class);
        assertThat(add(old, "other")).isEqualTo(new Tally.Counted(2));
        assertThat(tell(new Command.Add(null), "emptied")).isEqualTo(new NewerTally.Counted(1, "x"));
    }

    private Uni<Handled<Tally, Added, Full>> handled(CommandHandler<Add, Tally, Added, Full> build, String stream) {
        return build.handle(
                Load.head(stream), loaded -> Uni.createFrom().item(new Add(1_000)), TallyService.metadata());
    }

    private Uni<Handled<NewerTally, NewerTally.Event, NewerTally.Never>> handled(Command command, String stream) {
        return newer.handle(Load.head(stream), loaded -> Uni.createFrom().item(command), TallyService.metadata());
    }

    private Tally add(CommandHandler<Add, Tally, Added, Full> build, String stream) {
        return state(handled(build, stream));
    }

    private NewerTally tell(Command command, String stream) {
        return state(handled(command, stream));
    }

    private static <S, E, R> S state(Uni<Handled<S, E, R>> handled) {
        if (handled.await().atMost(PATIENCE) instanceof Handled.Accepted<S, E, R> accepted) {
            return accepted.state();
        }
        throw new AssertionError("not accepted");
    }

    private static void each(Consumer<String> command) {
        IntStream.range(0, STREAMS).mapToObj(i -> "stream-" + i).forEach(command);
    }

    // A pod of the following service, of the build that knows these events.
    private Follower follower(EventCodec<?> known) {
        Reaction reaction = (transaction, message) -> Uni.createFrom()
                .item(() -> known.read(new EventCodec.Written(message.type(), message.payload(), message.sealed())))
                .replaceWithVoid();
        int pod = pods.size();
        Follower follower = new Follower(
                FollowerOptions.events("reader", TallyService.TALLIES.name(), service.topics.prefix()),
                broker,
                copies,
                reaction,
                (transaction, message, reason) -> Uni.createFrom().voidItem(),
                messages -> applying.add(pod),
                positions,
                new SimpleMeterRegistry());
        pods.add(new FollowingPod(
                follower,
                service.topics.bootstrap(),
                service.topics.name(TallyService.TALLIES),
                service.topics.prefix() + "reader"));
        return follower;
    }

    private void awaitAllReceived() {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(received()).isEqualTo(written()));
    }

    private long written() {
        return number(service.pool, "SELECT count(*) FROM event");
    }

    private long received() {
        return number(copies, "SELECT count(*) FROM received");
    }

    private long parked() {
        return number(copies, "SELECT count(*) FROM parked");
    }

    private static long number(Pool pool, String sql) {
        return pool.query(sql)
                .execute()
                .await()
                .atMost(PATIENCE)
                .iterator()
                .next()
                .getLong(0);
    }
}
