package tap.redemption.publishing;

import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;
import tap.codes.SealedVerifier;
import tap.contract.AdmissionRefusedV1;
import tap.contract.ContractJson;
import tap.contract.PassAdmittedV1;
import tap.contract.PassExpiredV1;
import tap.contract.PassLockedV1;
import tap.contract.PassRedeemedV1;
import tap.contract.PassSpentV1;
import tap.contract.PassWithdrawnV1;
import tap.contract.TokenRevokedV1;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.JsonEventCodec;
import tap.eventsourcing.JsonStateCodec;
import tap.eventsourcing.SealedPart;
import tap.eventsourcing.StateCodec;
import tap.redemption.domain.Allowance;
import tap.redemption.domain.AllowanceEvent;
import tap.redemption.domain.AllowanceEvent.AdmissionRefused;
import tap.redemption.domain.AllowanceEvent.PassAdmitted;
import tap.redemption.domain.AllowanceEvent.PassExpired;
import tap.redemption.domain.AllowanceEvent.PassLocked;
import tap.redemption.domain.AllowanceEvent.PassRedeemed;
import tap.redemption.domain.AllowanceEvent.PassSpent;
import tap.redemption.domain.AllowanceEvent.PassWithdrawn;
import tap.redemption.domain.AllowanceEvent.TokenRevoked;
import tap.redemption.domain.FinalState;
import tap.redemption.domain.Pass;
import tap.redemption.domain.RefusalReason;
import tap.redemption.domain.RequestKey;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** An allowance's stream: its id, the stored names of its events, and how its head is kept. */
public final class StoredAllowance {
    /**
     * The stored names. Stored beside and in no message: with {@code pass-admitted.v1} the verifier, sealed as it
     * came; with {@code pass-redeemed.v1} the hashes by which a repeated request is known.
     */
    public static final EventCodec<AllowanceEvent> EVENTS = JsonEventCodec.<AllowanceEvent>with(ContractJson.mapper())
            .sealedEvent(
                    "pass-admitted.v1",
                    PassAdmitted.class,
                    PassAdmittedV1.class,
                    StoredAllowance::written,
                    event -> sealedPart(event.verifier()),
                    (stored, part) -> new PassAdmitted(pass(stored), verifier(part), stored.admittedAt()))
            .event(
                    "admission-refused.v1",
                    AdmissionRefused.class,
                    AdmissionRefusedV1.class,
                    event ->
                            new AdmissionRefusedV1(event.userId(), event.passId(), written(event.reason()), event.at()),
                    stored -> new AdmissionRefused(
                            stored.userId(), stored.passId(), refusalReason(stored.reason()), stored.refusedAt()))
            .sealedEvent(
                    "pass-redeemed.v1",
                    PassRedeemed.class,
                    PassRedeemedV1.class,
                    event -> new PassRedeemedV1(
                            event.userId(),
                            event.passId(),
                            event.use(),
                            event.limit(),
                            event.clientId(),
                            event.jti(),
                            event.at()),
                    event -> keyPart(event.key()),
                    (stored, part) -> new PassRedeemed(
                            stored.userId(),
                            stored.passId(),
                            stored.use(),
                            stored.maximumUses(),
                            stored.clientId(),
                            stored.jti(),
                            stored.redeemedAt(),
                            key(part)))
            .identified(PassRedeemed.class, PassRedeemed::jti)
            .event(
                    "pass-spent.v1",
                    PassSpent.class,
                    PassSpentV1.class,
                    event -> new PassSpentV1(event.userId(), event.passId(), event.uses(), event.at()),
                    stored -> new PassSpent(stored.userId(), stored.passId(), stored.uses(), stored.spentAt()))
            .event(
                    "pass-expired.v1",
                    PassExpired.class,
                    PassExpiredV1.class,
                    event -> new PassExpiredV1(event.userId(), event.passId(), event.uses(), event.at()),
                    stored -> new PassExpired(stored.userId(), stored.passId(), stored.uses(), stored.expiredAt()))
            .event(
                    "pass-locked.v1",
                    PassLocked.class,
                    PassLockedV1.class,
                    event -> new PassLockedV1(
                            event.userId(), event.passId(), event.uses(), event.failures(), event.at()),
                    stored -> new PassLocked(
                            stored.userId(), stored.passId(), stored.uses(), stored.failures(), stored.lockedAt()))
            .event(
                    "pass-withdrawn.v1",
                    PassWithdrawn.class,
                    PassWithdrawnV1.class,
                    event -> new PassWithdrawnV1(
                            event.userId(), event.passId(), written(event.finalState()), event.uses(), event.at()),
                    stored -> new PassWithdrawn(
                            stored.userId(),
                            stored.passId(),
                            finalState(stored.finalState()),
                            stored.uses(),
                            stored.withdrawnAt()))
            .event(
                    "token-revoked.v1",
                    TokenRevoked.class,
                    TokenRevokedV1.class,
                    event -> new TokenRevokedV1(
                            event.userId(), event.passId(), event.clientId(), event.jti(), event.at()),
                    stored -> new TokenRevoked(
                            stored.userId(), stored.passId(), stored.clientId(), stored.jti(), stored.revokedAt()))
            .build();

    /**
     * The head. Its sealed part is the verifier, as long as a code may have to be checked; it has ended when the pass is
     * withdrawn, so that a user has at most one that has not.
     */
    public static final StateCodec<Allowance> HEAD = new JsonStateCodec<>(
            Allowance.class,
            2,
            withoutVerifier(),
            StoredAllowance::key,
            allowance -> allowance instanceof Allowance.Withdrawn,
            allowance -> sealedPart(verifier(allowance)),
            StoredAllowance::withVerifier);

    private StoredAllowance() {}

    /** The stream of a pass: its id. */
    public static String stream(UUID passId) {
        return passId.toString();
    }

    /** The verifier that an allowance still keeps, or {@code null}. */
    public static @Nullable SealedVerifier verifier(Allowance allowance) {
        return switch (allowance) {
            case Allowance.Open open -> open.verifier();
            case Allowance.Spent spent -> spent.verifier();
            case Allowance.NotAdmitted unknown -> null;
            case Allowance.Expired expired -> null;
            case Allowance.Locked locked -> null;
            case Allowance.Refused refused -> null;
            case Allowance.Withdrawn withdrawn -> null;
        };
    }

    private static Allowance withVerifier(Allowance allowance, @Nullable SealedPart part) {
        return switch (allowance) {
            case Allowance.Open open -> new Allowance.Open(open.pass(), open.uses(), verifier(part), open.repeatable());
            case Allowance.Spent spent ->
                new Allowance.Spent(spent.pass(), spent.uses(), verifier(part), spent.repeatable());
            case Allowance.NotAdmitted unknown -> unknown;
            case Allowance.Expired expired -> expired;
            case Allowance.Locked locked -> locked;
            case Allowance.Refused refused -> refused;
            case Allowance.Withdrawn withdrawn -> withdrawn;
        };
    }

    // The key of all of a user's messages is the user's id.
    private static String key(Allowance allowance) {
        return switch (allowance) {
            case Allowance.NotAdmitted unknown ->
                throw new IllegalStateException("an allowance without an event has no head");
            case Allowance.Open open -> open.pass().userId().toString();
            case Allowance.Spent spent -> spent.pass().userId().toString();
            case Allowance.Expired expired -> expired.userId().toString();
            case Allowance.Locked locked -> locked.userId().toString();
            case Allowance.Refused refused -> refused.userId().toString();
            case Allowance.Withdrawn withdrawn -> withdrawn.userId().toString();
        };
    }

    private static JsonMapper withoutVerifier() {
        return ContractJson.mapper()
                .rebuild()
                .addMixIn(Allowance.Open.class, WithoutVerifier.class)
                .addMixIn(Allowance.Spent.class, WithoutVerifier.class)
                .build();
    }

    @JsonIgnoreProperties("verifier")
    private interface WithoutVerifier {}

    private static @Nullable SealedPart sealedPart(@Nullable SealedVerifier verifier) {
        return verifier == null ? null : SealedPart.of(verifier.encoded());
    }

    private static @Nullable SealedVerifier verifier(@Nullable SealedPart part) {
        return part == null ? null : SealedVerifier.decode(part.bytes());
    }

    private static @Nullable SealedPart keyPart(@Nullable RequestKey key) {
        return key == null ? null : SealedPart.of((key.key() + ' ' + key.content()).getBytes(US_ASCII));
    }

    private static @Nullable RequestKey key(@Nullable SealedPart part) {
        if (part == null) {
            return null;
        }
        String hashes = new String(part.bytes(), US_ASCII);
        int blank = hashes.indexOf(' ');
        return new RequestKey(hashes.substring(0, blank), hashes.substring(blank + 1));
    }

    private static PassAdmittedV1 written(PassAdmitted event) {
        Pass pass = event.pass();
        return new PassAdmittedV1(
                pass.userId(),
                pass.passId(),
                pass.startsAt(),
                pass.endsAt(),
                pass.isUsableOnce(),
                pass.maximumUses(),
                pass.issuedVersion(),
                event.at());
    }

    private static Pass pass(PassAdmittedV1 stored) {
        return new Pass(
                stored.userId(),
                stored.passId(),
                stored.startsAt(),
                stored.endsAt(),
                stored.isUsableOnce(),
                stored.maximumUses(),
                stored.issuedVersion());
    }

    private static String written(RefusalReason reason) {
        return switch (reason) {
            case EXPIRED -> "expired";
            case RESTORED -> "restored";
        };
    }

    private static RefusalReason refusalReason(String written) {
        return switch (written) {
            case "expired" -> RefusalReason.EXPIRED;
            case "restored" -> RefusalReason.RESTORED;
            default -> throw new IllegalStateException("no reason to refuse an admission: " + written);
        };
    }

    private static String written(FinalState state) {
        return switch (state) {
            case OPEN -> "open";
            case SPENT -> "spent";
            case EXPIRED -> "expired";
            case LOCKED -> "locked";
            case UNKNOWN -> "unknown";
        };
    }

    private static FinalState finalState(String written) {
        return switch (written) {
            case "open" -> FinalState.OPEN;
            case "spent" -> FinalState.SPENT;
            case "expired" -> FinalState.EXPIRED;
            case "locked" -> FinalState.LOCKED;
            case "unknown" -> FinalState.UNKNOWN;
            default -> throw new IllegalStateException("no final state of an allowance: " + written);
        };
    }
}
