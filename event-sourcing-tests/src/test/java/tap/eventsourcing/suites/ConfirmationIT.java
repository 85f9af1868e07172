package tap.eventsourcing.suites;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tap.eventsourcing.Appended;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.confirmation.Confirmation;
import tap.eventsourcing.confirmation.Facts;
import tap.eventsourcing.confirmation.PositionBoard;
import tap.eventsourcing.followers.Follower;
import tap.eventsourcing.followers.FollowerOptions;
import tap.eventsourcing.followers.Positions;
import tap.eventsourcing.relay.LogReader;
import tap.eventsourcing.relay.Relay;
import tap.eventsourcing.topics.Broker;
import tap.testkit.infrastructure.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ConfirmationIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final int MANY = 100;
    private static final String PLACE = TallyService.TALLIES.name() + "/0";

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
        Confirmation both = confirmation(relay, service.pool, Set.of("reader", "absent"), MANY);
        Appended appended = added("a");
        assertThat(confirmed(publishing, appended, LONG)).isTrue();
        assertThat(confirmed(both, appended, SHORT)).isFalse();
    }

    @Test
    void of_two_pods_either_confirms_whichever_has_the_lease() {
        follow();
        follow();
        Relay other = service.relay("other", service.publication);
        Confirmation inOther = confirmation(other);
        try {
            other.start();
            assertThat(confirmed(publishing, added("a"), LONG)).isTrue();
            assertThat(confirmed(inOther, added("b"), LONG)).isTrue();
            assertThat(other.holdsLease()).isFalse();

            var meanwhile = publishing.confirmed(added("c"), LONG).subscribeAsCompletionStage();
            relay.close();
            assertThat(meanwhile.orTimeout(30, TimeUnit.SECONDS).join()).isTrue();
            assertThat(confirmed(publishing, added("d"), LONG)).isTrue();
            assertThat(confirmed(inOther, added("e"), LONG)).isTrue();
        } finally {
            other.close();
        }
    }

    @Test
    void what_was_pending_while_the_follower_restarted_becomes_confirmed_by_itself() {
        follow();
        assertThat(confirmed(publishing, added("a"), LONG)).isTrue();
        readers.removeFirst().close();
        Appended appended = added("a");
        assertThat(confirmed(publishing, appended, SHORT)).isFalse();

        var waiting = publishing.confirmed(appended, PATIENCE).subscribeAsCompletionStage();
        follow();
        assertThat(waiting.orTimeout(40, TimeUnit.SECONDS).join()).isTrue();
        assertThat(confirmed(standby, appended, LONG)).isTrue();
    }

    @Test
    void a_follower_that_goes_on_from_an_older_database_is_waited_for_again() {
        TopicPartition partition = new TopicPartition(service.topics.name(TallyService.TALLIES), 0);
        positions.follows(partition, 5);
        awaitPassed(5);
        assertThat(board.passed(Set.of("reader"), Map.of(partition, 5L))).isTrue();
        assertThat(board.passed(Set.of("reader"), Map.of(partition, 6L))).isFalse();

        positions.follows(partition, 3);
        awaitPassed(3);
        assertThat(board.passed(Set.of("reader"), Map.of(partition, 5L))).isFalse();
    }

    @Test
    void what_was_applied_of_a_topic_confirms_nothing_of_one_that_was_made_anew() throws SQLException {
        follow();
        Appended appended = added("a");
        assertThat(confirmed(publishing, appended, LONG)).isTrue();
        readers.removeFirst().close();
        try (Connection owner = copy.connectAsOwner();
                var statement = owner.createStatement()) {
            statement.execute("UPDATE follower_offset SET topic_id = 'another'");
        }
        follow();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(publishing.passed().values()).containsOnly(0L));
        assertThat(confirmed(publishing, appended, SHORT)).isFalse();
        assertThat(confirmed(standby, appended, SHORT)).isFalse();
    }

    @Test
    void positions_are_said_again_so_that_what_a_frozen_pod_says_late_does_not_stay() {
        TopicPartition partition = new TopicPartition(service.topics.name(TallyService.TALLIES), 0);
        try (Positions owner = new Positions(
                service.topics.bootstrap(),
                positionsTopic,
                "reader",
                service.topics.prefix(),
                Duration.ofMillis(200))) {
            owner.start();
            owner.follows(partition, 9);
            awaitPassed(9);
            positions.moved(partition, 4);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(saidOfFirst()).containsSubsequence("9", "4", "9"));
            awaitPassed(9);

            owner.left(List.of(partition));
            positions.follows(partition, 10);
            awaitPassed(10);
        }
    }

    @Test
    void where_events_go_and_how_far_all_are_can_be_asked() {
        Appended appended = added("a");
        List<StoredEvent> events =
                LogReader.ofTransaction(service.pool, appended.xid()).await().atMost(PATIENCE);
        assertThat(events).hasSize(1);
        Set<String> places = publishing.places(events.getFirst());
        assertThat(places).hasSize(1).allMatch(place -> place.matches("tallies/[0-5]"));
        assertThat(publishing.passed())
                .hasSize(TallyService.TALLIES.partitions())
                .containsEntry(PLACE, 0L);

        follow();
        assertThat(confirmed(publishing, appended, LONG)).isTrue();
        assertThat(publishing.passed().get(places.iterator().next())).isOne();
    }

    @Test
    void no_more_wait_than_may_and_the_others_are_answered_at_once() {
        follow();
        assertThat(confirmed(publishing, added("a"), LONG)).isTrue();
        stuck.set(true);
        Confirmation narrow = confirmation(relay, service.pool, Set.of("reader"), 1);
        Appended appended = added("a");
        var first = narrow.confirmed(appended, LONG).subscribeAsCompletionStage();
        assertThat(confirmed(narrow, appended, LONG)).isFalse();
        assertThat(first).isNotDone();

        stuck.set(false);
        assertThat(first.orTimeout(30, TimeUnit.SECONDS).join()).isTrue();
        assertThat(confirmed(narrow, appended, LONG)).isTrue();
    }

    @Test
    void while_the_database_does_not_answer_it_is_pending_and_no_failure() {
        Pool gone = Pool.pool(
                PgConnectOptions.fromUri("postgresql://localhost:1/gone").setUser("nobody"), new PoolOptions());
        try {
            Confirmation unable =
                    confirmation(service.relay("unable", service.publication), gone, Set.of("reader"), MANY);
            assertThat(confirmed(unable, added("a"), LONG)).isFalse();
        } finally {
            gone.closeAndAwait();
        }
    }

    @Test
    void answers_come_back_on_the_context_of_whoever_waits() {
        follow();
        Facts facts = new Facts(10);
        AtomicBoolean holds = new AtomicBoolean();
        Appended appended = added("a");
        Vertx vertx = Vertx.vertx();
        try {
            assertThat(comesBack(vertx, () -> publishing.confirmed(appended, LONG)))
                    .isTrue();
            assertThat(comesBack(vertx, () -> standby.confirmed(appended, LONG)))
                    .isTrue();
            assertThat(comesBack(vertx, () -> standby.confirmed(added("b"), Duration.ofMillis(1))))
                    .isTrue();
            assertThat(comesBack(
                            vertx,
                            () -> facts.await("a", false, () -> Uni.createFrom().item(false), SHORT)))
                    .isTrue();
            assertThat(comesBack(vertx, () -> {
                        Uni<Boolean> answer =
                                facts.await("b", false, () -> Uni.createFrom().item(holds.get()), LONG);
                        Thread.ofPlatform().start(() -> {
                            holds.set(true);
                            facts.signal("b");
                        });
                        return answer;
                    }))
                    .isTrue();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void nothing_appended_is_confirmed_at_once() {
        assertThat(confirmed(standby, Appended.NOTHING, Duration.ofMillis(1))).isTrue();
    }

    @Test
    void a_fact_is_awaited_until_it_holds_and_a_signal_makes_it_quick() {
        Facts facts = new Facts(10);
        AtomicBoolean holds = new AtomicBoolean();
        assertThat(facts.await("pass", false, () -> Uni.createFrom().item(holds.get()), SHORT)
                        .await()
                        .atMost(PATIENCE))
                .isFalse();

        var waiting = facts.await("pass", false, () -> Uni.createFrom().item(holds.get()), LONG)
                .subscribeAsCompletionStage();
        assertThat(waiting).isNotDone();
        holds.set(true);
        facts.signal("pass");
        assertThat(waiting.orTimeout(10, TimeUnit.SECONDS).join()).isTrue();
    }

    @Test
    void where_this_pod_applies_the_fact_only_its_signal_makes_it_look_again() {
        Facts facts = new Facts(10);
        AtomicInteger looks = new AtomicInteger();
        var waiting = facts.await("pass", true, () -> Uni.createFrom().item(looks.incrementAndGet() > 1), LONG)
                .subscribeAsCompletionStage();
        facts.signal("pass");
        assertThat(waiting.orTimeout(10, TimeUnit.SECONDS).join()).isTrue();
        assertThat(looks).hasValue(2);
    }

    @Test
    void a_fact_that_another_pod_applied_after_all_is_found_without_a_signal() {
        Facts facts = new Facts(10);
        AtomicBoolean holds = new AtomicBoolean();
        var waiting = facts.await("pass", true, () -> Uni.createFrom().item(holds.get()), LONG)
                .subscribeAsCompletionStage();
        holds.set(true);
        assertThat(waiting.orTimeout(30, TimeUnit.SECONDS).join()).isTrue();
    }

    @Test
    void no_more_wait_for_facts_than_may_and_the_others_are_answered_at_once() {
        Facts facts = new Facts(1);
        AtomicBoolean holds = new AtomicBoolean();
        var first = facts.await("pass", false, () -> Uni.createFrom().item(holds.get()), LONG)
                .subscribeAsCompletionStage();
        assertThat(facts.await("pass", false, () -> Uni.createFrom().item(holds.get()), LONG)
                        .await()
                        .atMost(PATIENCE))
                .isFalse();
        assertThat(first).isNotDone();

        holds.set(true);
        assertThat(first.orTimeout(30, TimeUnit.SECONDS).join()).isTrue();
        assertThat(facts.await("pass", false, () -> Uni.createFrom().item(holds.get()), LONG)
                        .await()
                        .atMost(PATIENCE))
                .isTrue();
    }

    private static boolean comesBack(Vertx vertx, Supplier<Uni<Boolean>> answer) {
        CompletableFuture<Boolean> same = new CompletableFuture<>();
        Context context = vertx.getOrCreateContext();
        context.runOnContext(start -> answer.get()
                .subscribe()
                .with(
                        item -> same.complete(context.equals(Vertx.currentContext())),
                        failure -> same.completeExceptionally(failure)));
        return same.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    private void awaitPassed(long next) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(board.passed(Set.of("reader"), PLACE)).isEqualTo(next));
    }

    private List<String> saidOfFirst() {
        return service.topics.records(TallyService.POSITIONS).stream()
                .filter(record -> record.key().equals("reader/" + PLACE))
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private Appended added(String stream) {
        return service.added(stream).appended();
    }

    private static boolean confirmed(Confirmation confirmation, Appended appended, Duration timeout) {
        return confirmation.confirmed(appended, timeout).await().atMost(PATIENCE);
    }

    private Confirmation confirmation(Relay of) {
        return confirmation(of, service.pool, Set.of("reader"), MANY);
    }

    private Confirmation confirmation(Relay of, Pool pool, Set<String> followers, int mostWaiting) {
        return new Confirmation(
                of,
                pool,
                service.publication,
                List.of(TallyService.EXPECTED),
                board,
                followers,
                service.topics.prefix(),
                mostWaiting);
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
