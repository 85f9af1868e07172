package tap.redemption.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import tap.eventsourcing.Decider;
import tap.eventsourcing.Decision;
import tap.redemption.domain.AllowanceCommand.Admit;
import tap.redemption.domain.AllowanceCommand.Expire;
import tap.redemption.domain.AllowanceCommand.Lock;
import tap.redemption.domain.AllowanceCommand.Redeem;
import tap.redemption.domain.AllowanceCommand.Refuse;
import tap.redemption.domain.AllowanceCommand.RevokeToken;
import tap.redemption.domain.AllowanceCommand.Withdraw;
import tap.redemption.domain.AllowanceEvent.AdmissionRefused;
import tap.redemption.domain.AllowanceEvent.PassAdmitted;
import tap.redemption.domain.AllowanceEvent.PassExpired;
import tap.redemption.domain.AllowanceEvent.PassLocked;
import tap.redemption.domain.AllowanceEvent.PassRedeemed;
import tap.redemption.domain.AllowanceEvent.PassSpent;
import tap.redemption.domain.AllowanceEvent.PassWithdrawn;
import tap.redemption.domain.AllowanceEvent.TokenRevoked;

/** Decides what becomes of an allowance. This is where "exactly N" is said; the store makes it true under concurrency. */
public final class AllowanceDecider
        implements Decider<AllowanceCommand, Allowance, AllowanceEvent, AllowanceRejection> {
    /** How long a request can be repeated with its key. */
    public static final Duration REPEATABLE_FOR = Duration.ofMinutes(10);

    /** The most uses of a pass that can be repeated; the oldest go first. */
    public static final int MOST_REPEATABLE = 32;

    @Override
    public Allowance initial() {
        return new Allowance.NotAdmitted();
    }

    @Override
    public Decision<AllowanceEvent, AllowanceRejection> decide(AllowanceCommand command, Allowance allowance) {
        return switch (command) {
            case Admit admit -> admit(admit, allowance);
            case Redeem redeem -> redeem(redeem, allowance);
            case Expire expire -> expire(expire, allowance);
            case Lock lock -> lock(lock, allowance);
            case Refuse refuse -> refuse(refuse, allowance);
            case Withdraw withdraw -> withdraw(withdraw, allowance);
            case RevokeToken revoke -> revokeToken(revoke, allowance);
        };
    }

    // An issue is answered by the first thing that happens in the stream, whatever it is, so a second one needs
    // nothing.
    private static Decision<AllowanceEvent, AllowanceRejection> admit(Admit admit, Allowance allowance) {
        return switch (allowance) {
            case Allowance.NotAdmitted unknown -> {
                Pass pass = admit.pass();
                yield Decision.accept(
                        pass.isOver(admit.at())
                                ? new AdmissionRefused(pass.userId(), pass.passId(), RefusalReason.EXPIRED, admit.at())
                                : new PassAdmitted(pass, admit.verifier(), admit.at()));
            }
            case Allowance.Open open -> Decision.nothing();
            case Allowance.Spent spent -> Decision.nothing();
            case Allowance.Expired expired -> Decision.nothing();
            case Allowance.Locked locked -> Decision.nothing();
            case Allowance.Refused refused -> Decision.nothing();
            case Allowance.Withdrawn withdrawn -> Decision.nothing();
        };
    }

    private static Decision<AllowanceEvent, AllowanceRejection> redeem(Redeem redeem, Allowance allowance) {
        return switch (allowance) {
            case Allowance.NotAdmitted unknown -> Decision.reject(AllowanceRejection.NO_PASS);
            case Allowance.Open open ->
                repetition(redeem, open.pass(), open.repeatable())
                        .orElseGet(() -> refusal(redeem, open.pass())
                                .<Decision<AllowanceEvent, AllowanceRejection>>map(Decision::reject)
                                .orElseGet(() -> Decision.accept(use(redeem, open))));
            case Allowance.Spent spent ->
                repetition(redeem, spent.pass(), spent.repeatable())
                        .orElseGet(() -> Decision.reject(AllowanceRejection.SPENT));
            case Allowance.Expired expired -> Decision.reject(AllowanceRejection.EXPIRED);
            case Allowance.Locked locked -> Decision.reject(AllowanceRejection.LOCKED);
            case Allowance.Refused refused -> Decision.reject(AllowanceRejection.NOT_ADMITTED);
            case Allowance.Withdrawn withdrawn -> Decision.reject(AllowanceRejection.WITHDRAWN);
        };
    }

    // Nothing happens a second time. Policy and directory were obeyed by the use itself; fenced, the pass may have been
    // withdrawn.
    private static Optional<Decision<AllowanceEvent, AllowanceRejection>> repetition(
            Redeem redeem, Pass pass, List<KeyedUse> repeatable) {
        RequestKey key = redeem.key();
        if (key == null
                || !redeem.codeMatches()
                || pass.isOver(redeem.at())
                || redeem.circumstances().fenced()) {
            return Optional.empty();
        }
        return used(repeatable, key)
                .filter(use -> isRepeatable(use, redeem.at()))
                .map(use -> use.request().equals(key)
                        ? Decision.nothing()
                        : Decision.reject(AllowanceRejection.KEY_REUSED));
    }

    /** The use that was made with this key, if it is still known. */
    public static Optional<KeyedUse> used(List<KeyedUse> repeatable, RequestKey key) {
        return repeatable.stream()
                .filter(use -> use.request().key().equals(key.key()))
                .reduce((older, newer) -> newer);
    }

    private static boolean isRepeatable(KeyedUse use, Instant now) {
        return now.isBefore(use.at().plus(REPEATABLE_FOR));
    }

    private static List<KeyedUse> repeatable(List<KeyedUse> before, PassRedeemed event) {
        List<KeyedUse> uses = new ArrayList<>(before);
        if (event.key() != null) {
            uses.add(new KeyedUse(event.key(), event.jti(), event.at()));
        }
        uses.removeIf(use -> !isRepeatable(use, event.at()));
        return List.copyOf(uses.subList(Math.max(0, uses.size() - MOST_REPEATABLE), uses.size()));
    }

    // The end is judged here too: a redemption after it fails whether or not anybody has recorded the expiry.
    private static Optional<AllowanceRejection> refusal(Redeem redeem, Pass pass) {
        Circumstances now = redeem.circumstances();
        if (pass.isOver(redeem.at())) {
            return Optional.of(AllowanceRejection.EXPIRED);
        }
        if (!redeem.codeMatches()) {
            return Optional.of(AllowanceRejection.WRONG_CODE);
        }
        if (now.fenced()) {
            return Optional.of(AllowanceRejection.FENCED);
        }
        if (!now.userActive()) {
            return Optional.of(AllowanceRejection.USER_INACTIVE);
        }
        if (!now.policyEnabled()) {
            return Optional.of(AllowanceRejection.POLICY_DISABLED);
        }
        if (!now.userTargeted()) {
            return Optional.of(AllowanceRejection.NOT_TARGETED);
        }
        if (now.oneTimeOnly() && !pass.isUsableOnce()) {
            return Optional.of(AllowanceRejection.MULTI_USE_FORBIDDEN);
        }
        if (pass.isBeforeStart(redeem.at())) {
            return Optional.of(AllowanceRejection.NOT_YET_VALID);
        }
        return Optional.empty();
    }

    private static List<AllowanceEvent> use(Redeem redeem, Allowance.Open open) {
        Pass pass = open.pass();
        int use = open.uses() + 1;
        List<AllowanceEvent> events = new ArrayList<>();
        events.add(new PassRedeemed(
                pass.userId(),
                pass.passId(),
                use,
                pass.limit(),
                redeem.clientId(),
                redeem.jti(),
                redeem.at(),
                redeem.key()));
        if (pass.isLast(use)) {
            events.add(new PassSpent(pass.userId(), pass.passId(), use, redeem.at()));
        }
        return events;
    }

    private static Decision<AllowanceEvent, AllowanceRejection> expire(Expire expire, Allowance allowance) {
        return switch (allowance) {
            case Allowance.Open(Pass pass, int uses, var verifier, var repeatable)
            when pass.isOver(expire.at()) ->
                Decision.accept(new PassExpired(pass.userId(), pass.passId(), uses, expire.at()));
            case Allowance.Open open -> Decision.nothing();
            case Allowance.NotAdmitted unknown -> Decision.nothing();
            case Allowance.Spent spent -> Decision.nothing();
            case Allowance.Expired expired -> Decision.nothing();
            case Allowance.Locked locked -> Decision.nothing();
            case Allowance.Refused refused -> Decision.nothing();
            case Allowance.Withdrawn withdrawn -> Decision.nothing();
        };
    }

    private static Decision<AllowanceEvent, AllowanceRejection> lock(Lock lock, Allowance allowance) {
        return switch (allowance) {
            case Allowance.Open(Pass pass, int uses, var verifier, var repeatable) ->
                Decision.accept(new PassLocked(pass.userId(), pass.passId(), uses, lock.failures(), lock.at()));
            case Allowance.NotAdmitted unknown -> Decision.nothing();
            case Allowance.Spent spent -> Decision.nothing();
            case Allowance.Expired expired -> Decision.nothing();
            case Allowance.Locked locked -> Decision.nothing();
            case Allowance.Refused refused -> Decision.nothing();
            case Allowance.Withdrawn withdrawn -> Decision.nothing();
        };
    }

    // What became of a pass that is known stays as it is.
    private static Decision<AllowanceEvent, AllowanceRejection> refuse(Refuse refuse, Allowance allowance) {
        return switch (allowance) {
            case Allowance.NotAdmitted unknown ->
                Decision.accept(new AdmissionRefused(refuse.userId(), refuse.passId(), refuse.reason(), refuse.at()));
            case Allowance.Open open -> Decision.nothing();
            case Allowance.Spent spent -> Decision.nothing();
            case Allowance.Expired expired -> Decision.nothing();
            case Allowance.Locked locked -> Decision.nothing();
            case Allowance.Refused refused -> Decision.nothing();
            case Allowance.Withdrawn withdrawn -> Decision.nothing();
        };
    }

    // Answered always: pass-service waits for this fact, also where there was nothing left to take.
    private static Decision<AllowanceEvent, AllowanceRejection> withdraw(Withdraw withdraw, Allowance allowance) {
        FinalState was = switch (allowance) {
            case Allowance.NotAdmitted unknown -> FinalState.UNKNOWN;
            case Allowance.Open open -> open.pass().isOver(withdraw.at()) ? FinalState.EXPIRED : FinalState.OPEN;
            case Allowance.Spent spent -> FinalState.SPENT;
            case Allowance.Expired expired -> FinalState.EXPIRED;
            case Allowance.Locked locked -> FinalState.LOCKED;
            case Allowance.Refused refused ->
                switch (refused.reason()) {
                    case EXPIRED -> FinalState.EXPIRED;
                    case RESTORED -> FinalState.UNKNOWN;
                };
            case Allowance.Withdrawn withdrawn -> withdrawn.was();
        };
        return Decision.accept(
                new PassWithdrawn(withdraw.userId(), withdraw.passId(), was, uses(allowance), withdraw.at()));
    }

    // Once for each token that can still be used, so that who holds one cannot make the log grow.
    private static Decision<AllowanceEvent, AllowanceRejection> revokeToken(RevokeToken revoke, Allowance allowance) {
        if (revoke.standing() != TokenStanding.ISSUED || !revoke.at().isBefore(revoke.expiresAt())) {
            return Decision.nothing();
        }
        return switch (allowance) {
            case Allowance.Open open ->
                revoked(revoke, open.pass().userId(), open.pass().passId());
            case Allowance.Spent spent ->
                revoked(revoke, spent.pass().userId(), spent.pass().passId());
            case Allowance.Expired expired -> revoked(revoke, expired.userId(), expired.passId());
            case Allowance.Locked locked -> revoked(revoke, locked.userId(), locked.passId());
            case Allowance.NotAdmitted unknown -> Decision.nothing();
            case Allowance.Refused refused -> Decision.nothing();
            case Allowance.Withdrawn withdrawn -> Decision.nothing();
        };
    }

    private static Decision<AllowanceEvent, AllowanceRejection> revoked(RevokeToken revoke, UUID userId, UUID passId) {
        return Decision.accept(new TokenRevoked(userId, passId, revoke.clientId(), revoke.token(), revoke.at()));
    }

    @Override
    public Allowance evolve(Allowance allowance, AllowanceEvent event) {
        return switch (event) {
            case PassAdmitted e -> new Allowance.Open(e.pass(), 0, e.verifier(), List.of());
            case AdmissionRefused e -> new Allowance.Refused(e.userId(), e.passId(), e.reason());
            case PassRedeemed e ->
                allowance instanceof Allowance.Open open
                        ? new Allowance.Open(open.pass(), e.use(), open.verifier(), repeatable(open.repeatable(), e))
                        : allowance;
            case PassSpent e ->
                allowance instanceof Allowance.Open open
                        ? new Allowance.Spent(open.pass(), e.uses(), open.verifier(), open.repeatable())
                        : allowance;
            case PassExpired e -> new Allowance.Expired(e.userId(), e.passId(), e.uses());
            case PassLocked e -> new Allowance.Locked(e.userId(), e.passId(), e.uses());
            case PassWithdrawn e -> new Allowance.Withdrawn(e.userId(), e.passId(), e.finalState(), e.uses());
            case TokenRevoked e -> allowance;
        };
    }

    private static int uses(Allowance allowance) {
        return switch (allowance) {
            case Allowance.NotAdmitted unknown -> 0;
            case Allowance.Open open -> open.uses();
            case Allowance.Spent spent -> spent.uses();
            case Allowance.Expired expired -> expired.uses();
            case Allowance.Locked locked -> locked.uses();
            case Allowance.Refused refused -> 0;
            case Allowance.Withdrawn withdrawn -> withdrawn.uses();
        };
    }
}
