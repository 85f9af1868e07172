package tap.pass.projections.pendingpasses;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.projections.Projection;
import tap.pass.domain.PassEvent;
import tap.pass.publishing.StoredPass;

/** Follows the log: what an event asks of redemption-service is pending, unless it was answered meanwhile. */
public final class PendingPassesProjection implements Projection {
    /** The cursor's name. */
    public static final String NAME = "pending-passes";

    // An answer that commits at this very moment is seen by neither: it is cleared away by the next look.
    private static final String ADD = """
            INSERT INTO pending_pass (pass_id, awaited, user_id, since)
            SELECT n.* FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[]) n(pass_id, awaited, user_id, since)
             WHERE NOT EXISTS (SELECT FROM allowance_copy a WHERE a.pass_id = n.pass_id AND tap_answered(a, n.awaited))
            ON CONFLICT DO NOTHING""";

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<StoredEvent> batch) {
        List<Asked> asked = new ArrayList<>();
        for (StoredEvent stored : batch) {
            OffsetDateTime since = stored.occurredAt().atOffset(ZoneOffset.UTC);
            switch (StoredPass.EVENTS.read(stored.written())) {
                case PassEvent.PassIssued issued -> {
                    UUID userId = issued.pass().userId();
                    asked.add(new Asked(issued.pass().passId(), "passAdmission", userId, since));
                    @Nullable UUID replaced = issued.replaces();
                    if (replaced != null) {
                        asked.add(new Asked(replaced, "passWithdrawal", userId, since));
                    }
                }
                case PassEvent.PassRevoked revoked ->
                    asked.add(new Asked(revoked.passId(), "passWithdrawal", revoked.userId(), since));
            }
        }
        return transaction
                .preparedQuery(ADD)
                .execute(Tuple.tuple()
                        .addArrayOfUUID(asked.stream().map(Asked::passId).toArray(UUID[]::new))
                        .addArrayOfString(asked.stream().map(Asked::awaited).toArray(String[]::new))
                        .addArrayOfUUID(asked.stream().map(Asked::userId).toArray(UUID[]::new))
                        .addArrayOfOffsetDateTime(
                                asked.stream().map(Asked::since).toArray(OffsetDateTime[]::new)))
                .replaceWithVoid();
    }

    private record Asked(UUID passId, String awaited, UUID userId, OffsetDateTime since) {}
}
