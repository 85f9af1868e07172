package tap.redemption.application;

import java.util.ArrayList;
import java.util.List;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import tap.codes.KeyRingException;
import tap.codes.UnreadableVerifier;
import tap.eventsourcing.SealedPart;
import tap.redemption.domain.Allowance;
import tap.redemption.publishing.StoredAllowance;

/** The check at start that every pass which can still be redeemed finds its keys. */
final class StoredKeys {
    private static final int PAGE = 1_000;

    private static final String SEALED = """
            SELECT stream_id, state::text AS state, state_version, sealed FROM head
             WHERE NOT ended AND sealed IS NOT NULL AND stream_id > $1 ORDER BY stream_id LIMIT $2""";

    private final Pool pool;
    private final CodeCheck codes;

    StoredKeys(Pool pool, CodeCheck codes) {
        this.pool = pool;
        this.codes = codes;
    }

    /** Fails with {@link KeyRingException}, naming the key and its folder, if one is missing. */
    Uni<Void> require() {
        return page("");
    }

    private Uni<Void> page(String after) {
        return pool.preparedQuery(SEALED).execute(Tuple.of(after, PAGE)).flatMap(rows -> {
            List<Row> page = new ArrayList<>();
            rows.forEach(page::add);
            page.forEach(this::require);
            return page.size() < PAGE
                    ? Uni.createFrom().voidItem()
                    : page(page.getLast().getString("stream_id"));
        });
    }

    private void require(Row row) {
        if (row.getInteger("state_version") != StoredAllowance.HEAD.stateVersion()) {
            return;
        }
        Allowance allowance = StoredAllowance.HEAD.read(
                row.getString("state"), SealedPart.of(row.getBuffer("sealed").getBytes()));
        try {
            if (allowance instanceof Allowance.Open open && open.verifier() != null) {
                codes.requireReadable(open.pass(), open.verifier());
            }
        } catch (UnreadableVerifier e) {
            // no key would help; its redemptions are refused and logged
            return;
        }
    }
}
