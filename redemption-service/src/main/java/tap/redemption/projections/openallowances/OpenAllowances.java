package tap.redemption.projections.openallowances;

import java.util.ArrayList;
import java.util.List;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;

/** Asks whose end has come. */
public final class OpenAllowances {
    private static final int MOST = 1_000;

    private static final String DUE =
            "SELECT pass_id FROM open_allowance WHERE ends_at <= tap_now() ORDER BY ends_at LIMIT $1";

    private final Pool pool;

    /** @param pool the service's */
    public OpenAllowances(Pool pool) {
        this.pool = pool;
    }

    /** The streams of passes whose end has come by the database's clock, at most {@value #MOST}, the longest due first. */
    public Uni<List<String>> due() {
        return pool.preparedQuery(DUE).execute(Tuple.of(MOST)).map(rows -> {
            List<String> due = new ArrayList<>();
            for (Row row : rows) {
                due.add(row.getString("pass_id"));
            }
            return due;
        });
    }
}
