package tap.testkit.infrastructure;

import java.util.Map;
import java.util.TreeMap;

import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;

/**
 * The time-outs that each service sets on its connections ({@code quarkus.datasource.reactive.additional-properties}): what a frozen pod
 * may hold up, and for how long. Each service's tests compare them with what PostgreSQL says of its own pool, so that the suites that
 * freeze pods run under the same.
 */
public final class ServiceTimeouts {
    /** PostgreSQL's settings and their values, as {@code SHOW} gives them. */
    public static final Map<String, String> SETTINGS = Map.of(
            "statement_timeout", "4s",
            "lock_timeout", "3s",
            "idle_in_transaction_session_timeout", "1s");

    private ServiceTimeouts() {}

    /** Sets them on connections to come. */
    public static PgConnectOptions setOn(PgConnectOptions options) {
        SETTINGS.forEach(options::addProperty);
        return options;
    }

    /** The same settings as they are in force on a pool's connections. */
    public static Map<String, String> inForceOn(Pool pool) {
        Map<String, String> inForce = new TreeMap<>();
        for (String setting : SETTINGS.keySet()) {
            inForce.put(
                    setting,
                    pool.query("SHOW " + setting)
                            .executeAndAwait()
                            .iterator()
                            .next()
                            .getString(0));
        }
        return inForce;
    }
}
