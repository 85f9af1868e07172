package tap.eventsourcing;

import java.time.Duration;

import io.smallrye.mutiny.Uni;
import io.vertx.pgclient.PgException;

/** Tells an outage or overload of PostgreSQL, which passes, from a bug, which does not. */
public final class StoreFailures {
    private StoreFailures() {}

    /** Names a passing failure of the store as {@link Unavailable}; others stay what they are. */
    static <T> Uni<T> named(Uni<T> work) {
        return work.onFailure(StoreFailures::passes)
                .transform(failure ->
                        new Unavailable("PostgreSQL: " + failure.getMessage(), Duration.ofSeconds(1), failure));
    }

    /** Whether the failure is one of the store that a repetition may not meet. */
    public static boolean passes(Throwable failure) {
        // Classes of PostgreSQL's error codes (appendix A): 08 connection, 25006 read-only (a primary that was demoted
        // under its connections), 25P03 idle in transaction, 40 rollback (deadlock, partial append), 53 resources,
        // 55P03 lock, 57 operator intervention (shutdown, time-out). A failure that is no answer of the server is one
        // of the connection.
        if (failure instanceof PgException answer) {
            String code = answer.getSqlState() == null ? "" : answer.getSqlState();
            return code.startsWith("08")
                    || code.startsWith("40")
                    || code.startsWith("53")
                    || code.startsWith("57")
                    || code.equals("25006")
                    || code.equals("25P03")
                    || code.equals("55P03");
        }
        return failure instanceof java.io.IOException
                || failure.getClass().getName().startsWith("io.vertx.")
                || failure instanceof java.util.concurrent.TimeoutException;
    }
}
