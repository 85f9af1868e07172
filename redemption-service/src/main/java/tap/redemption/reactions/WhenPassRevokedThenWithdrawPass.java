package tap.redemption.reactions;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import tap.contract.PassRevokedV1;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.Message;
import tap.eventsourcing.Reaction;
import tap.redemption.domain.Allowance;
import tap.redemption.domain.AllowanceCommand;
import tap.redemption.domain.AllowanceCommand.Withdraw;
import tap.redemption.domain.AllowanceEvent;
import tap.redemption.domain.AllowanceRejection;
import tap.redemption.publishing.RedemptionsPublication;
import tap.redemption.publishing.StoredAllowance;

/** A pass was revoked: takes it out, and answers in every case, because pass-service waits for that fact. */
public final class WhenPassRevokedThenWithdrawPass implements Reaction {
    private final CommandHandler<AllowanceCommand, Allowance, AllowanceEvent, AllowanceRejection> allowances;

    /** @param allowances the command handler of allowances */
    public WhenPassRevokedThenWithdrawPass(
            CommandHandler<AllowanceCommand, Allowance, AllowanceEvent, AllowanceRejection> allowances) {
        this.allowances = allowances;
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, Message message) {
        PassRevokedV1 revoked = Payload.read(message, PassRevokedV1.class);
        return allowances
                .handleIn(
                        transaction,
                        StoredAllowance.stream(revoked.passId()),
                        loaded -> new Withdraw(revoked.userId(), revoked.passId(), loaded.now()),
                        message.caused(RedemptionsPublication.SERVICE))
                .replaceWithVoid();
    }
}
