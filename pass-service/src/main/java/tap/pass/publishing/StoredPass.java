package tap.pass.publishing;

import java.util.UUID;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tap.codes.SealedVerifier;
import tap.contract.ContractJson;
import tap.contract.PassIssuedV1;
import tap.contract.PassRevokedV1;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.JsonEventCodec;
import tap.eventsourcing.JsonStateCodec;
import tap.eventsourcing.SealedPart;
import tap.eventsourcing.StateCodec;
import tap.pass.domain.IssuedPass;
import tap.pass.domain.Pass;
import tap.pass.domain.PassEvent;
import tap.pass.domain.PassEvent.PassIssued;
import tap.pass.domain.PassEvent.PassRevoked;
import tap.pass.domain.RevocationReason;

/** The pass stream of a user: its id, the stored names of its events, and how its head is kept. */
public final class StoredPass {
    /** The stored names. The verifier of a code is stored beside {@code pass-issued.v1} under its seal, never in the record. */
    public static final EventCodec<PassEvent> EVENTS = JsonEventCodec.<PassEvent>with(ContractJson.mapper())
            .sealedEvent(
                    "pass-issued.v1",
                    PassIssued.class,
                    PassIssuedV1.class,
                    StoredPass::written,
                    event -> sealedPart(event.verifier()),
                    StoredPass::issued)
            .event(
                    "pass-revoked.v1",
                    PassRevoked.class,
                    PassRevokedV1.class,
                    event -> new PassRevokedV1(
                            event.userId(), event.passId(), event.reason().value(), event.at()),
                    stored -> new PassRevoked(
                            stored.userId(), stored.passId(), reason(stored.reason()), stored.revokedAt()))
            .build();

    /**
     * The head, without the verifier: nothing is verified here. A user's stream never ends. The view {@code pass_details} reads
     * {@code pass} and {@code is} of it: raise the version and replace the view together.
     */
    public static final StateCodec<Pass> HEAD =
            new JsonStateCodec<>(Pass.class, 1, ContractJson.mapper(), StoredPass::key, pass -> false);

    private StoredPass() {}

    /** The stream of a user, and the key of its messages: the user's id. */
    public static String stream(UUID userId) {
        return userId.toString();
    }

    private static String key(Pass pass) {
        return switch (pass) {
            case Pass.Issued issued -> stream(issued.pass().userId());
            case Pass.Revoked revoked -> stream(revoked.pass().userId());
            case Pass.NeverIssued never -> throw new IllegalStateException("a stream without an event has no head");
        };
    }

    private static PassIssuedV1 written(PassIssued event) {
        IssuedPass pass = event.pass();
        return new PassIssuedV1(
                pass.userId(),
                pass.passId(),
                pass.createdAt(),
                pass.startsAt(),
                pass.endsAt(),
                pass.isUsableOnce(),
                pass.maximumUses(),
                event.policyRevision(),
                event.replaces());
    }

    private static PassIssued issued(PassIssuedV1 stored, @Nullable SealedPart part) {
        IssuedPass pass = new IssuedPass(
                stored.userId(),
                stored.passId(),
                stored.createdAt(),
                stored.startsAt(),
                stored.endsAt(),
                stored.isUsableOnce(),
                stored.maximumUses());
        return new PassIssued(
                pass,
                stored.policyRevision(),
                stored.replaces(),
                part == null ? null : SealedVerifier.decode(part.bytes()));
    }

    private static @Nullable SealedPart sealedPart(@Nullable SealedVerifier verifier) {
        return verifier == null ? null : SealedPart.of(verifier.encoded());
    }

    private static RevocationReason reason(String written) {
        return Stream.of(RevocationReason.values())
                .filter(reason -> reason.value().equals(written))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no reason to revoke a pass: " + written));
    }
}
