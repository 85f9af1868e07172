package tap.eventsourcing.suites;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.EventStore;
import tap.eventsourcing.Handled;
import tap.eventsourcing.Load;
import tap.eventsourcing.suites.Tally.Add;
import tap.eventsourcing.suites.Tally.Added;
import tap.eventsourcing.suites.Tally.Full;
import tap.testkit.faults.ProcessFaults;
import tap.testkit.faults.SkewedClock;
import tap.testkit.infrastructure.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A pod frozen anywhere in a command (SIGSTOP) holds up the stream's other writers for no longer than its connection may be idle in a
 * transaction, and appends nothing on what it knew when it goes on.
 */
class FrozenPodIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static TestDatabase database;

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static WriterProcess pod;

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static CommandHandler<Add, Tally, Added, Full> other;

    private final String stream = UUID.randomUUID().toString();

    @BeforeAll
    static void start() throws IOException {
        database =
                TestDatabase.create("frozen_pod", TestDatabase.EVENT_SOURCING).witnessed();
        pod = WriterProcess.start(database);
        other = new CommandHandler<>(
                new EventStore(), database.poolOfPod(4), new Tally.Rules(), Tally.EVENTS, Tally.states(1), () -> {});
    }

    @AfterAll
    static void end() {
        pod.close();
        database.close();
    }

    @BeforeEach
    void begin() throws Exception {
        othersAdd(1);
        pod.tell("add " + stream);
        pod.hear("decide 1");
    }

    @Test
    void frozen_between_load_and_append_it_holds_up_nobody_and_decides_anew() throws Exception {
        try (ProcessFaults faults = ProcessFaults.of(pod.pid())) {
            faults.freeze();
            pod.tell("go");
            othersAdd(2);
            faults.thaw();
        }
        pod.hear("decide 2");
        pod.tell("go");
        pod.hear("accepted 3");
        assertThat(totals()).containsExactly(1, 2, 3);
    }

    @Test
    void frozen_for_more_than_five_seconds_it_is_refused_although_nothing_has_moved() throws Exception {
        try (ProcessFaults faults = ProcessFaults.of(pod.pid());
                SkewedClock clock = SkewedClock.of(database)) {
            faults.freeze();
            pod.tell("go");
            clock.advance(Duration.ofSeconds(6));
            faults.thaw();
            pod.hear("failed Unavailable");
        }
        assertThat(totals()).containsExactly(1);
    }

    @Test
    void frozen_with_the_row_lock_in_its_hands_it_loses_lock_and_connection() throws Exception {
        othersAdd(2);
        try (Connection holder = database.connectAsService();
                ProcessFaults faults = ProcessFaults.of(pod.pid())) {
            holder.setAutoCommit(false);
            try (var lock = holder.prepareStatement("SELECT 1 FROM head WHERE stream_id = ? FOR UPDATE")) {
                lock.setString(1, stream);
                lock.execute();
            }
            // The head has moved, so its append misses, and it queues up at the row.
            pod.tell("go");
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> sessions("wait_event_type = 'Lock'").size() == 1);
            long session = sessions("wait_event_type = 'Lock'").getFirst();
            faults.freeze();
            // Now PostgreSQL gives the lock to a process that is not there to use it.
            holder.commit();
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> !sessions("wait_event_type = 'Lock'").contains(session));

            othersAdd(3);
            awaitEnd(session);
            faults.thaw();
            pod.hear("failed Unavailable");
        }
        assertThat(totals()).containsExactly(1, 2, 3);
        assertServes(3);
    }

    @Test
    void frozen_in_the_queue_between_load_and_append_it_appends_nothing_when_it_goes_on() throws Exception {
        othersAdd(2);
        pod.tell("go");
        pod.hear("decide 2");
        try (ProcessFaults faults = ProcessFaults.of(pod.pid())) {
            faults.freeze();
            pod.tell("go");
            List<Long> sessions = sessions("xact_start IS NOT NULL");
            othersAdd(3);
            for (long session : sessions) {
                awaitEnd(session);
            }
            faults.thaw();
            pod.hear("failed Unavailable");
        }
        assertThat(totals()).containsExactly(1, 2, 3);
        assertServes(3);
    }

    private void assertServes(int version) throws Exception {
        pod.tell("add " + stream);
        pod.hear("decide " + version);
        pod.tell("go");
        pod.hear("accepted " + (version + 1));
    }

    // Within a command's own patience, else it fails with Unavailable.
    private void othersAdd(int total) {
        Handled<Tally, Added, Full> handled = other.handle(
                        Load.head(stream),
                        loaded -> io.smallrye.mutiny.Uni.createFrom().item(new Add(Integer.MAX_VALUE)),
                        TallyService.metadata())
                .await()
                .atMost(PATIENCE);
        assertThat(handled)
                .isInstanceOfSatisfying(
                        Handled.Accepted.class,
                        accepted -> assertThat(accepted.state()).isEqualTo(new Tally.Counted(total)));
    }

    // PostgreSQL ends the session, which is idle in a transaction, by itself.
    private static void awaitEnd(long session) {
        await("the end of the frozen pod's session")
                .atMost(PATIENCE)
                .until(() -> !sessions("true").contains(session));
    }

    private static List<Long> sessions(String which) throws SQLException {
        try (Connection superuser = database.connectAsSuperuser();
                var query = superuser.prepareStatement(
                        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = ? AND "
                                + which)) {
            query.setString(1, WriterPod.NAME);
            List<Long> pids = new ArrayList<>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    pids.add(rows.getLong(1));
                }
            }
            return pids;
        }
    }

    private List<Integer> totals() throws SQLException {
        try (Connection service = database.connectAsService();
                var query = service.prepareStatement(
                        "SELECT (payload ->> 'total')::int FROM event WHERE stream_id = ? ORDER BY version")) {
            query.setString(1, stream);
            List<Integer> totals = new ArrayList<>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    totals.add(rows.getInt(1));
                }
            }
            assertThat(totals)
                    .isEqualTo(IntStream.rangeClosed(1, totals.size()).boxed().toList());
            return totals;
        }
    }
}
