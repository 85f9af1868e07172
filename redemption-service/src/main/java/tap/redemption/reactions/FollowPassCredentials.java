package tap.redemption.reactions;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import tap.eventsourcing.Message;
import tap.eventsourcing.Reaction;
import tap.eventsourcing.UnknownEventType;

/** {@code tap.pass-credentials}: each type to its reaction. */
public final class FollowPassCredentials implements Reaction {
    private final WhenPassIssuedThenAdmitPass issued;
    private final WhenPassRevokedThenWithdrawPass revoked;

    /** @param issued the reaction to {@code pass-issued.v1} */
    public FollowPassCredentials(WhenPassIssuedThenAdmitPass issued, WhenPassRevokedThenWithdrawPass revoked) {
        this.issued = issued;
        this.revoked = revoked;
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, Message message) {
        return switch (message.type()) {
            case "pass-issued.v1" -> issued.apply(transaction, message);
            case "pass-revoked.v1" -> revoked.apply(transaction, message);
            default -> Uni.createFrom().failure(new UnknownEventType(message.type()));
        };
    }
}
