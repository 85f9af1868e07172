package tap.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tap.eventsourcing.Appended;
import tap.eventsourcing.confirmation.Confirmation;
import tap.eventsourcing.confirmation.Facts;
import tap.eventsourcing.confirmation.PositionBoard;
import tap.eventsourcing.followers.Follower;
import tap.eventsourcing.followers.FollowerOptions;
import tap.eventsourcing.followers.Positions;
import tap.eventsourcing.relay.Relay;
import tap.eventsourcing.topics.Broker;
import tap.testkit.infrastructure.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ConfirmationIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final TallyService service = new TallyService("confirmation");
    private final TestDatabase copy = TestDatabase.create("confirmation_copy", TestDatabase.EVENT_SOURCING);
    private final Broker broker = new Broker(service.topics.bootstrap());
    private final String positionsTopic = service.topics.name(TallyService.POSITIONS);
    private final Positions positions =
            new Positions(service.topics.bootstrap(), positionsTopic, "reader", service.topics.prefix());
    private final PositionBoard board =
            new PositionBoard(service.topics.bootstrap(), positionsTopic, service.topics.prefix());
    private final AtomicBoolean stuck = new AtomicBoolean();
    private Relay relay;
    private Confirmation publishing;
    private Confirmation standby;
    private final List<FollowingPod> readers = new ArrayList<>();

    @BeforeEach
    void open() {
        positions.start();
        board.start();
        relay = service.relay("publishing", service.publication);
        publishing = confirmation(relay);
        relay.start();
        await().atMost(PATIENCE).until(relay::holdsLease);
        // never started: what a pod knows that another one publishes for
        standby = confirmation(service.relay("standby", service.publication));
    }

    @AfterEach
    void close() {
        stuck.set(false);
        readers.forEach(FollowingPod::close);
        relay.close();
        board.close();
        positions.close();
        broker.close();
        copy.close();
        service.close();
    }

    @Test
    void an_event_is_confirmed_in_the_publishing_pod_and_in_others_once_the_follower_applied_it() {
        follow();
        assertThat(confirmed(publishing, added("a"), LONG)).isTrue();
        assertThat(confirmed(standby, added("b"), LONG)).isTrue();
    }

    @Test
    void it_is_not_confirmed_while_the_follower_is_stuck_and_is_afterwards() {
        follow();
        assertThat(confirmed(publishing, added("a"), LONG)).isTrue();
        stuck.set(true);
        Appended appended = added("a");
        assertThat(confirmed(publishing, appended, SHORT)).isFalse();
        assertThat(confirmed(standby, appended, SHORT)).isFalse();

        stuck.set(false);
        assertThat(confirmed(publishing, appended, LONG)).isTrue();
        assertThat(confirmed(standby, appended, LONG)).isTrue();
    }

    @Test
    void it_is_not_confirmed_while_nothing_is_published() {
        follow();
        relay.close();
        assertThat(confirmed(publishing, added("a"), SHORT)).isFalse();
        assertThat(confirmed(standby, added("a"), SHORT)).isFalse();
    }

    @Test
    void every_follower_is_waited_for() {
        follow();
        Confirmation both = new Confirmation(
                relay,
                service.pool,
                service.publication,
                List.of(TallyService.EXPECTED),
                board,
                Set.of("reader", "absent"),
                service.topics.prefix());
        Appended appended = added("a");
        assertThat(confirmed(publishing, appended, LONG)).isTrue();
        assertThat(confirmed(both, appended, SHORT)).isFalse();
    }

    @Test
    void nothing_appended_is_confirmed_at_once() {
        assertThat(confirmed(standby, Appended.NOTHING, Duration.ofMillis(1))).isTrue();
    }

    @Test
    void from_commit_to_confirmed_is_quick_when_warm() {
        follow();
        for (int i = 0; i < 100; i++) {
            assertThat(confirmed(publishing, added("stream-" + i % 9), LONG)).isTrue();
        }
        List<Long> micros = java.util.stream.IntStream.range(0, 100)
                .mapToObj(i -> {
                    Appended appended = added("stream-" + i % 9);
                    long committed = System.nanoTime();
                    assertThat(confirmed(publishing, appended, LONG)).isTrue();
                    return (System.nanoTime() - committed) / 1_000;
                })
                .sorted()
                .toList();
        System.out.println("commit to confirmed, microseconds: p50 " + micros.get(50) + ", p95 " + micros.get(95));
        assertThat(micros.get(50)).isLessThan(Duration.ofMillis(100).toNanos() / 1_000);
    }

    @Test
    void a_fact_is_awaited_until_it_holds_and_a_signal_makes_it_quick() {
        Facts facts = new Facts(10);
        AtomicBoolean holds = new AtomicBoolean();
        assertThat(facts.await("pass", () -> Uni.createFrom().item(holds.get()), SHORT)
                        .await()
                        .atMost(PATIENCE))
                .isFalse();

        var waiting = facts.await("pass", () -> Uni.createFrom().item(holds.get()), LONG)
                .subscribeAsCompletionStage();
        assertThat(waiting).isNotDone();
        holds.set(true);
        facts.signal("pass");
        assertThat(waiting.orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join())
                .isTrue();
    }

    private Appended added(String stream) {
        return service.added(stream).appended();
    }

    private static boolean confirmed(Confirmation confirmation, Appended appended, Duration timeout) {
        return confirmation.confirmed(appended, timeout).await().atMost(PATIENCE);
    }

    private Confirmation confirmation(Relay of) {
        return new Confirmation(
                of,
                service.pool,
                service.publication,
                List.of(TallyService.EXPECTED),
                board,
                Set.of("reader"),
                service.topics.prefix());
    }

    private void follow() {
        Follower follower = new Follower(
                FollowerOptions.events("reader", TallyService.TALLIES.name(), service.topics.prefix()),
                broker,
                copy.pool(8),
                (transaction, message) -> stuck.get()
                        ? Uni.createFrom().failure(new IllegalStateException("stuck"))
                        : Uni.createFrom().voidItem(),
                (transaction, message, reason) -> Uni.createFrom().voidItem(),
                messages -> {},
                positions,
                new SimpleMeterRegistry());
        readers.add(new FollowingPod(
                follower,
                service.topics.bootstrap(),
                service.topics.name(TallyService.TALLIES),
                service.topics.prefix() + "reader"));
    }
}
