package tap.eventsourcing.suites;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.PoolOptions;
import org.junit.jupiter.api.Test;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.EventStore;
import tap.eventsourcing.Handled;
import tap.eventsourcing.Load;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.relay.LogCursor;
import tap.eventsourcing.relay.LogReader;
import tap.eventsourcing.suites.Tally.Add;
import tap.eventsourcing.suites.Tally.Added;
import tap.eventsourcing.suites.Tally.Full;
import tap.testkit.infrastructure.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a command costs PostgreSQL does not depend on the length of its stream. Judged by the pages that its statements touch and by
 * their plans, as the server tells both of the statements that the store really sends: times would judge the machine.
 */
class LongStreamIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int EVENTS = 300_000;
    private static final int OTHER_STREAMS = 20_000;
    private static final int ROUNDS = 12;

    private static final String PAGES = """
            SELECT coalesce(sum(shared_blks_hit + shared_blks_read), 0)::bigint FROM pg_stat_statements
             WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND userid = ?::regrole::oid""";

    private static final Add ADD = new Add(Integer.MAX_VALUE);
    private static final Metadata METADATA = new Metadata("actor", "correlation", null);

    private final List<String> plans = new CopyOnWriteArrayList<>();

    @Test
    void a_command_touches_as_many_pages_and_has_the_same_plans_however_long_its_stream_is() throws SQLException {
        Vertx vertx = Vertx.vertx();
        try (TestDatabase database = TestDatabase.create("long_stream", TestDatabase.EVENT_SOURCING)
                        .witnessed();
                Connection superuser = database.connectAsSuperuser();
                Connection owner = database.connectAsOwner()) {
            writeHistory(owner);
            tellPlans(superuser, database);
            Pool pool = Pool.pool(vertx, database.connectOptions(), new PoolOptions().setMaxSize(2));
            SqlConnection telling = pool.getConnectionAndAwait();
            PgConnection.cast(telling.getDelegate()).noticeHandler(notice -> plans.add(notice.getMessage()));
            String service = database.credentials().serviceUser();
            add(pool, "new");

            List<Cost> ofLong = new ArrayList<>();
            List<Cost> ofNew = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                ofLong.add(costOfCommand(superuser, service, pool, telling, "long"));
                ofNew.add(costOfCommand(superuser, service, pool, telling, "new"));
            }
            System.out.println("pages a command: stream of " + EVENTS + " events " + pages(ofLong) + ", new stream "
                    + pages(ofNew));
            // lock, load, append
            assertThat(ofLong.getFirst().plans()).hasSize(3);
            assertThat(plans(ofLong)).isEqualTo(plans(ofNew));
            // The least of the rounds: now and then an insert splits a page or extends a file, whichever stream it is
            // for.
            assertThat(leastPages(ofLong)).isLessThanOrEqualTo(leastPages(ofNew) + 1);

            long before = pages(superuser, service);
            plans.clear();
            telling.query("SELECT count(payload ->> 'total') FROM event WHERE stream_id = 'long'")
                    .execute()
                    .await()
                    .atMost(PATIENCE);
            assertThat(pages(superuser, service) - before)
                    .as("what reading the history costs, by the same measure")
                    .isGreaterThan(100 * leastPages(ofLong));
            assertThat(plans)
                    .singleElement()
                    .satisfies(plan -> assertThat(plans(ofLong)).doesNotContain(shape(plan)));
            telling.query("BEGIN; " + LogReader.SET_LOCAL_PLANS).executeAndAwait();
            String snapshot = telling.query("SELECT pg_current_snapshot()::text")
                    .executeAndAwait()
                    .iterator()
                    .next()
                    .getString(0);
            before = pages(superuser, service);
            plans.clear();
            int found = readTenTimes(telling, LogCursor.at(snapshot)).await().atMost(PATIENCE);
            assertThat(found).isZero();
            assertThat(pages(superuser, service) - before)
                    .as("what it costs a relay to read ten times that nothing is new")
                    .isLessThan(200);
            assertThat(plans)
                    .as("no workers are started for it")
                    .isNotEmpty()
                    .noneMatch(plan -> plan.contains("Gather"));
            telling.closeAndAwait();
            pool.closeAndAwait();
        } finally {
            vertx.closeAndAwait();
        }
    }

    // How many events it found in all.
    private static Uni<Integer> readTenTimes(SqlConnection connection, LogCursor cursor) {
        return Multi.createFrom()
                .range(0, 10)
                .onItem()
                .transformToUniAndConcatenate(n -> LogReader.read(connection, cursor, 1_000))
                .collect()
                .asList()
                .map(batches -> batches.stream()
                        .mapToInt(batch -> batch.events().size())
                        .sum());
    }

    private static void writeHistory(Connection owner) throws SQLException {
        owner.createStatement().execute("""
                    INSERT INTO event (stream_id, version, event_id, type, partition_key, occurred_at, actor, correlation_id, payload)
                    SELECT 'long', v, gen_random_uuid(), 'added.v1', 'key', now(), 'actor', 'correlation',
                      ('{"total":' || v || '}')::json
                      FROM generate_series(1, %1$d) v;
                    INSERT INTO head SELECT 'long', %1$d, 'key', false, '{"is":"Counted","total":%1$d}', 1, null, now();
                    INSERT INTO head SELECT 'other-' || n, 1, 'key', false, '{"is":"Counted","total":1}', 1, null, now()
                      FROM generate_series(1, %2$d) n;
                    ANALYZE event, head""".formatted(EVENTS, OTHER_STREAMS));
    }

    // auto_explain tells the client; nobody but this role in this database.
    private static void tellPlans(Connection superuser, TestDatabase database) throws SQLException {
        superuser.createStatement().execute("""
                    ALTER ROLE %1$s IN DATABASE %2$s SET session_preload_libraries = 'auto_explain';
                    ALTER ROLE %1$s IN DATABASE %2$s SET auto_explain.log_min_duration = 0;
                    ALTER ROLE %1$s IN DATABASE %2$s SET auto_explain.log_level = 'notice';
                    ALTER ROLE %1$s IN DATABASE %2$s SET auto_explain.log_format = 'json';
                    CREATE EXTENSION IF NOT EXISTS pg_stat_statements""".formatted(
                database.credentials().serviceUser(), database.credentials().name()));
    }

    private static void add(Pool pool, String stream) {
        accepted(handler(pool)
                .handle(Load.head(stream), loaded -> Uni.createFrom().item(ADD), METADATA));
    }

    // The pages of a command as requests send it; the plans of the same statements on a connection that tells them.
    private Cost costOfCommand(Connection superuser, String service, Pool pool, SqlConnection telling, String stream)
            throws SQLException {
        long before = pages(superuser, service);
        add(pool, stream);
        long pages = pages(superuser, service) - before;
        plans.clear();
        accepted(handler(pool).handleIn(telling, stream, loaded -> ADD, METADATA));
        return new Cost(pages, plans.stream().map(LongStreamIT::shape).toList());
    }

    private static CommandHandler<Add, Tally, Added, Full> handler(Pool pool) {
        return new CommandHandler<>(new EventStore(), pool, new Tally.Rules(), Tally.EVENTS, Tally.states(1), () -> {});
    }

    private static void accepted(Uni<Handled<Tally, Added, Full>> handling) {
        assertThat(handling.await().atMost(PATIENCE)).isInstanceOf(Handled.Accepted.class);
    }

    private static long pages(Connection superuser, String service) throws SQLException {
        try (var query = superuser.prepareStatement(PAGES)) {
            query.setString(1, service);
            try (var row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static List<Long> pages(List<Cost> costs) {
        return costs.stream().map(Cost::pages).toList();
    }

    private static long leastPages(List<Cost> costs) {
        return costs.stream().mapToLong(Cost::pages).min().orElseThrow();
    }

    private static Set<String> plans(List<Cost> costs) {
        Set<String> shapes = new TreeSet<>();
        costs.forEach(cost -> shapes.addAll(cost.plans()));
        return shapes;
    }

    // "duration: 0.1 ms  plan:" and the plan; its shape is what is done to what, without estimates.
    private static String shape(String notice) {
        JsonObject plan = new JsonObject(notice.substring(notice.indexOf('{'))).getJsonObject("Plan");
        StringBuilder shape = new StringBuilder();
        describe(plan, shape);
        return shape.toString();
    }

    private static void describe(JsonObject node, StringBuilder shape) {
        shape.append('(');
        for (String key :
                List.of("Node Type", "Operation", "Subplan Name", "Relation Name", "Index Name", "Index Cond")) {
            if (node.containsKey(key)) {
                // a custom plan has the parameters' values
                shape.append(node.getString(key).replaceAll("'[^']*'|\\$\\d+", "?"))
                        .append(' ');
            }
        }
        for (Object child : node.getJsonArray("Plans", new JsonArray())) {
            describe((JsonObject) child, shape);
        }
        shape.append(')');
    }

    /**
     * What a piece of work cost PostgreSQL.
     *
     * @param pages buffers touched by the service's role, found in memory or not
     * @param plans the shapes of its statements' plans, in order
     */
    private record Cost(long pages, List<String> plans) {}
}
