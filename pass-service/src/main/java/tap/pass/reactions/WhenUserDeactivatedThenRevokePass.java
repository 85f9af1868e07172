package tap.pass.reactions;

import java.util.UUID;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import tap.contract.UserChangedV1;
import tap.contract.UserRemovedV1;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.Message;
import tap.eventsourcing.Reaction;
import tap.pass.domain.Pass;
import tap.pass.domain.PassCommand;
import tap.pass.domain.PassCommand.RevokePassOfUser;
import tap.pass.domain.PassEvent;
import tap.pass.domain.PassRejection;
import tap.pass.domain.RevocationReason;
import tap.pass.publishing.PassesPublication;
import tap.pass.publishing.StoredPass;

/** {@code tap.directory}: after its copy, takes back the pass of a user who is gone or inactive. */
public final class WhenUserDeactivatedThenRevokePass implements Reaction {
    private final Reaction copy;
    private final CommandHandler<PassCommand, Pass, PassEvent, PassRejection> passes;

    /** @param copy keeps the directory; applied first */
    public WhenUserDeactivatedThenRevokePass(
            Reaction copy, CommandHandler<PassCommand, Pass, PassEvent, PassRejection> passes) {
        this.copy = copy;
        this.passes = passes;
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, Message message) {
        return copy.apply(transaction, message).chain(() -> switch (message.type()) {
            case "user-changed.v1" -> {
                UserChangedV1 user = Payload.read(message, UserChangedV1.class);
                yield user.active()
                        ? Uni.createFrom().voidItem()
                        : revoke(transaction, message, user.userId(), RevocationReason.USER_INACTIVE);
            }
            case "user-removed.v1" -> {
                UserRemovedV1 user = Payload.read(message, UserRemovedV1.class);
                yield revoke(transaction, message, user.userId(), RevocationReason.USER_REMOVED);
            }
            // groups have no pass; what nobody knows the copy has refused
            default -> Uni.createFrom().voidItem();
        });
    }

    private Uni<Void> revoke(SqlConnection transaction, Message message, UUID userId, RevocationReason reason) {
        return passes.handleIn(
                        transaction,
                        StoredPass.stream(userId),
                        loaded -> new RevokePassOfUser(reason, loaded.now()),
                        message.caused(PassesPublication.SERVICE))
                .replaceWithVoid();
    }
}
