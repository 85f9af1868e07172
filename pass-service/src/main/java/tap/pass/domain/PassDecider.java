package tap.pass.domain;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tap.directory.PolicyTerms;
import tap.directory.UserKind;
import tap.directory.UserTerms;
import tap.eventsourcing.Decider;
import tap.eventsourcing.Decision;
import tap.pass.domain.PassCommand.DeletePass;
import tap.pass.domain.PassCommand.IssuePass;
import tap.pass.domain.PassCommand.RevokePassOfUser;
import tap.pass.domain.PassEvent.PassIssued;
import tap.pass.domain.PassEvent.PassRevoked;

/** The rules of passes: who may have one, of what kind, and that a user has at most one. */
public final class PassDecider implements Decider<PassCommand, Pass, PassEvent, PassRejection> {
    /** How long ago a start may be: clocks differ, and requests take their time. */
    public static final Duration GRACE = Duration.ofMinutes(1);

    /** How far ahead a start may be. */
    public static final Duration MOST_AHEAD = Duration.ofDays(30);

    /** The most uses that can be asked for; without a number there is no limit. */
    public static final int MOST_USES = 1_000;

    @Override
    public Pass initial() {
        return new Pass.NeverIssued();
    }

    @Override
    public Decision<PassEvent, PassRejection> decide(PassCommand command, Pass state) {
        return switch (command) {
            case IssuePass issue -> issue(issue, state);
            case DeletePass delete -> delete(delete, state);
            case RevokePassOfUser revoke -> revoke(revoke, state);
        };
    }

    @Override
    public Pass evolve(Pass state, PassEvent event) {
        return switch (event) {
            case PassIssued issued -> new Pass.Issued(issued.pass());
            case PassRevoked revoked ->
                switch (state) {
                    case Pass.Issued issued -> new Pass.Revoked(issued.pass(), revoked.reason(), revoked.at());
                    case Pass.Revoked already -> already;
                    case Pass.NeverIssued never -> never;
                };
        };
    }

    /** Whether no new pass comes of this command, so that it needs no verifier. */
    public static boolean needsNoCode(IssuePass command, Pass state) {
        return command.earlier() != null || refusal(command, state).isPresent();
    }

    // Why this pass may not be issued, or empty: it may.
    private static Optional<PassRejection> refusal(IssuePass command, Pass state) {
        return ofUser(command.user(), command.policy())
                .or(() -> ofRequest(command))
                .or(() -> ofPresentPass(command, state))
                .or(() -> Optional.ofNullable(command.limitedFor()).map(PassRejection.IssuingLimitReached::new));
    }

    private static Optional<PassRejection> ofPresentPass(IssuePass command, Pass state) {
        return command.keepsLivePass()
                        && state instanceof Pass.Issued present
                        && command.at().isBefore(present.pass().endsAt())
                ? Optional.of(new PassRejection.PassKept(present.pass().passId()))
                : Optional.empty();
    }

    private static Optional<PassRejection> ofUser(@Nullable UserTerms user, PolicyTerms policy) {
        if (user == null) {
            return Optional.of(new PassRejection.UserUnknown());
        }
        if (user.kind() == UserKind.EXTERNAL_GUEST) {
            return Optional.of(new PassRejection.UserExternalGuest());
        }
        if (!policy.enabled()) {
            return Optional.of(new PassRejection.PolicyDisabled());
        }
        if (!user.targeted()) {
            return Optional.of(new PassRejection.UserNotTargeted());
        }
        if (!user.active()) {
            return Optional.of(new PassRejection.UserInactive());
        }
        return user.fenced() ? Optional.of(new PassRejection.UserFenced()) : Optional.empty();
    }

    private static Optional<PassRejection> ofRequest(IssuePass command) {
        PolicyTerms policy = command.policy();
        PassRequest request = command.request();
        int lifetime = lifetimeInMinutes(request, policy);
        if (lifetime < policy.minimumLifetimeInMinutes() || lifetime > policy.maximumLifetimeInMinutes()) {
            return Optional.of(new PassRejection.LifetimeOutOfRange(
                    policy.minimumLifetimeInMinutes(), policy.maximumLifetimeInMinutes()));
        }
        Integer uses = request.maximumUses();
        if (uses != null && (uses < 1 || uses > MOST_USES)) {
            return Optional.of(new PassRejection.MaximumUsesOutOfRange(1, MOST_USES));
        }
        Boolean once = request.isUsableOnce();
        if (once != null && uses != null && once != (uses == 1)) {
            return Optional.of(new PassRejection.MaximumUsesContradictory(once, uses));
        }
        if (policy.isUsableOnce() && !isUsableOnce(request, policy)) {
            return Optional.of(new PassRejection.MultipleUseNotAllowed());
        }
        Instant start = request.startsAt();
        if (start != null && start.isBefore(command.at().minus(GRACE))) {
            return Optional.of(new PassRejection.StartInThePast());
        }
        return start != null && start.isAfter(command.at().plus(MOST_AHEAD))
                ? Optional.of(new PassRejection.StartTooFarAhead(MOST_AHEAD))
                : Optional.empty();
    }

    private static Decision<PassEvent, PassRejection> issue(IssuePass command, Pass state) {
        EarlierIssue earlier = command.earlier();
        if (earlier != null) {
            return earlier.sameContent()
                    ? Decision.nothing()
                    : Decision.reject(new PassRejection.KeyOfAnotherRequest());
        }
        Optional<PassRejection> refusal = refusal(command, state);
        if (refusal.isPresent()) {
            return Decision.reject(refusal.get());
        }
        if (command.user() == null || command.verifier() == null) {
            throw new IllegalArgumentException("a pass that may be issued has a user and a verifier");
        }
        return Decision.accept(new PassIssued(
                pass(command, command.user().id()), command.policy().revision(), replaced(state), command.verifier()));
    }

    private static IssuedPass pass(IssuePass command, UUID userId) {
        PassRequest request = command.request();
        // finer than the database tells times apart would be shown differently before and after
        Instant start = request.startsAt() == null ? null : request.startsAt().truncatedTo(ChronoUnit.MICROS);
        Duration lifetime = Duration.ofMinutes(lifetimeInMinutes(request, command.policy()));
        boolean once = isUsableOnce(request, command.policy());
        return new IssuedPass(
                userId,
                command.passId(),
                command.at(),
                start,
                (start == null ? command.at() : start).plus(lifetime),
                once,
                once ? Integer.valueOf(1) : request.maximumUses());
    }

    private static int lifetimeInMinutes(PassRequest request, PolicyTerms policy) {
        return request.lifetimeInMinutes() == null ? policy.defaultLifetimeInMinutes() : request.lifetimeInMinutes();
    }

    // What was not said follows from the number of uses, then from the policy.
    private static boolean isUsableOnce(PassRequest request, PolicyTerms policy) {
        if (request.isUsableOnce() != null) {
            return request.isUsableOnce();
        }
        return request.maximumUses() == null ? policy.isUsableOnce() : request.maximumUses() == 1;
    }

    private static @Nullable UUID replaced(Pass state) {
        return switch (state) {
            case Pass.Issued issued -> issued.pass().passId();
            // its revocation is on its way already
            case Pass.Revoked revoked -> null;
            case Pass.NeverIssued never -> null;
        };
    }

    private static Decision<PassEvent, PassRejection> delete(DeletePass command, Pass state) {
        if (command.user() == null) {
            return Decision.reject(new PassRejection.UserUnknown());
        }
        return switch (state) {
            case Pass.Issued issued
            when issued.pass().passId().equals(command.passId()) ->
                Decision.accept(revoked(issued.pass(), RevocationReason.DELETED, command.at()));
            case Pass.Revoked revoked
            when revoked.pass().passId().equals(command.passId()) && !command.withdrawn() -> Decision.nothing();
            case Pass.Issued other -> Decision.reject(new PassRejection.PassUnknown(command.passId()));
            case Pass.Revoked gone -> Decision.reject(new PassRejection.PassUnknown(command.passId()));
            case Pass.NeverIssued never -> Decision.reject(new PassRejection.PassUnknown(command.passId()));
        };
    }

    private static Decision<PassEvent, PassRejection> revoke(RevokePassOfUser command, Pass state) {
        return switch (state) {
            case Pass.Issued issued -> Decision.accept(revoked(issued.pass(), command.reason(), command.at()));
            case Pass.Revoked already -> Decision.nothing();
            case Pass.NeverIssued never -> Decision.nothing();
        };
    }

    private static PassRevoked revoked(IssuedPass pass, RevocationReason reason, Instant at) {
        return new PassRevoked(pass.userId(), pass.passId(), reason, at);
    }
}
