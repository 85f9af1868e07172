package tap.pass.reactions;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import tap.contract.AdmissionRefusedV1;
import tap.contract.PassAdmittedV1;
import tap.contract.PassExpiredV1;
import tap.contract.PassLockedV1;
import tap.contract.PassRedeemedV1;
import tap.contract.PassSpentV1;
import tap.contract.PassWithdrawnV1;
import tap.eventsourcing.Message;
import tap.eventsourcing.Reaction;
import tap.eventsourcing.UnknownEventType;

/** {@code tap.redemptions}: keeps what has become of each pass, so that lists show it and waiting requests are confirmed. */
public final class WhenAllowanceChangedThenCopyIt implements Reaction {
    private static final String USED = """
            INSERT INTO allowance_copy (pass_id, user_id, last_used_at, uses) VALUES ($1, $2, $3, $4)
            ON CONFLICT (pass_id) DO UPDATE SET last_used_at = excluded.last_used_at, uses = excluded.uses""";

    @Override
    public Uni<Void> apply(SqlConnection transaction, Message message) {
        return switch (message.type()) {
            case "pass-admitted.v1" -> {
                PassAdmittedV1 admitted = Payload.read(message, PassAdmittedV1.class);
                yield copy(transaction, "admitted_at", admitted.passId(), admitted.userId(), admitted.admittedAt());
            }
            case "admission-refused.v1" -> {
                AdmissionRefusedV1 refused = Payload.read(message, AdmissionRefusedV1.class);
                yield copy(transaction, "refused_at", refused.passId(), refused.userId(), refused.refusedAt());
            }
            case "pass-redeemed.v1" -> used(transaction, Payload.read(message, PassRedeemedV1.class));
            case "pass-spent.v1" -> {
                PassSpentV1 spent = Payload.read(message, PassSpentV1.class);
                yield copy(transaction, "spent_at", spent.passId(), spent.userId(), spent.spentAt());
            }
            case "pass-expired.v1" -> {
                PassExpiredV1 expired = Payload.read(message, PassExpiredV1.class);
                yield copy(transaction, "expired_at", expired.passId(), expired.userId(), expired.expiredAt());
            }
            case "pass-locked.v1" -> {
                PassLockedV1 locked = Payload.read(message, PassLockedV1.class);
                yield copy(transaction, "locked_at", locked.passId(), locked.userId(), locked.lockedAt());
            }
            case "pass-withdrawn.v1" -> {
                PassWithdrawnV1 withdrawn = Payload.read(message, PassWithdrawnV1.class);
                yield copy(
                        transaction, "withdrawn_at", withdrawn.passId(), withdrawn.userId(), withdrawn.withdrawnAt());
            }
            // of a token, not of the pass: nothing that a list of passes shows
            case "token-revoked.v1" -> Uni.createFrom().voidItem();
            default -> Uni.createFrom().failure(new UnknownEventType(message.type()));
        };
    }

    private static Uni<Void> copy(SqlConnection transaction, String column, UUID passId, UUID userId, Instant at) {
        String sql = """
                INSERT INTO allowance_copy (pass_id, user_id, %1$s) VALUES ($1, $2, $3)
                ON CONFLICT (pass_id) DO UPDATE SET %1$s = excluded.%1$s""".formatted(column);
        return transaction
                .preparedQuery(sql)
                .execute(Tuple.of(passId, userId, at.atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    private static Uni<Void> used(SqlConnection transaction, PassRedeemedV1 redeemed) {
        return transaction
                .preparedQuery(USED)
                .execute(Tuple.of(
                        redeemed.passId(),
                        redeemed.userId(),
                        redeemed.redeemedAt().atOffset(ZoneOffset.UTC),
                        redeemed.use()))
                .replaceWithVoid();
    }
}
