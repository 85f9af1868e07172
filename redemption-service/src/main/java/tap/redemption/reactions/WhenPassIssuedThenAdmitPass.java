package tap.redemption.reactions;

import java.util.UUID;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import tap.codes.SealedVerifier;
import tap.codes.UnreadableVerifier;
import tap.contract.PassIssuedV1;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.Message;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.NotApplicable;
import tap.eventsourcing.Reaction;
import tap.eventsourcing.SealedPart;
import tap.redemption.application.CodeCheck;
import tap.redemption.application.Guessing;
import tap.redemption.domain.Allowance;
import tap.redemption.domain.AllowanceCommand;
import tap.redemption.domain.AllowanceCommand.Admit;
import tap.redemption.domain.AllowanceCommand.Withdraw;
import tap.redemption.domain.AllowanceEvent;
import tap.redemption.domain.AllowanceRejection;
import tap.redemption.domain.Pass;
import tap.redemption.publishing.RedemptionsPublication;
import tap.redemption.publishing.StoredAllowance;

/** A pass was issued: lets it in. What it replaces leaves in the same transaction, so that a user never has two or none. */
public final class WhenPassIssuedThenAdmitPass implements Reaction {
    private final CommandHandler<AllowanceCommand, Allowance, AllowanceEvent, AllowanceRejection> allowances;
    private final CodeCheck codes;
    private final Guessing guessing;

    /**
     * @param codes says whether the verifier can be read here
     * @param guessing what was guessed at the user before is cleared
     */
    public WhenPassIssuedThenAdmitPass(
            CommandHandler<AllowanceCommand, Allowance, AllowanceEvent, AllowanceRejection> allowances,
            CodeCheck codes,
            Guessing guessing) {
        this.allowances = allowances;
        this.codes = codes;
        this.guessing = guessing;
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, Message message) {
        PassIssuedV1 issued = Payload.read(message, PassIssuedV1.class);
        Pass pass = new Pass(
                issued.userId(),
                issued.passId(),
                issued.startsAt(),
                issued.endsAt(),
                issued.isUsableOnce(),
                issued.maximumUses(),
                message.version());
        SealedVerifier verifier = verifier(message, pass);
        Metadata metadata = message.caused(RedemptionsPublication.SERVICE);
        return withdrawReplaced(transaction, issued, metadata)
                .chain(() -> allowances.handleIn(
                        transaction,
                        StoredAllowance.stream(pass.passId()),
                        loaded -> new Admit(pass, verifier, loaded.now()),
                        metadata))
                .chain(() -> guessing.clear(transaction, pass));
    }

    private Uni<Void> withdrawReplaced(SqlConnection transaction, PassIssuedV1 issued, Metadata metadata) {
        UUID replaced = issued.replaces();
        if (replaced == null) {
            return Uni.createFrom().voidItem();
        }
        return allowances
                .handleIn(
                        transaction,
                        StoredAllowance.stream(replaced),
                        loaded -> new Withdraw(issued.userId(), replaced, loaded.now()),
                        metadata)
                .replaceWithVoid();
    }

    // A verifier that was changed or belongs elsewhere can never apply. A missing key can: the message waits for it.
    private SealedVerifier verifier(Message message, Pass pass) {
        SealedPart part = message.sealed();
        if (part == null) {
            throw new NotApplicable("pass " + pass.passId() + " came without its verifier");
        }
        try {
            SealedVerifier verifier = SealedVerifier.decode(part.bytes());
            codes.requireReadable(pass, verifier);
            return verifier;
        } catch (UnreadableVerifier e) {
            throw new NotApplicable("the verifier of pass " + pass.passId() + " cannot be read", e);
        }
    }
}
