package tap.redemption.application;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import tap.codes.Argon2PoolFull;
import tap.codes.Pseudonyms;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.Handled;
import tap.eventsourcing.Ids;
import tap.eventsourcing.Load;
import tap.eventsourcing.Loaded;
import tap.eventsourcing.Metadata;
import tap.redemption.domain.Allowance;
import tap.redemption.domain.AllowanceCommand;
import tap.redemption.domain.AllowanceCommand.Lock;
import tap.redemption.domain.AllowanceCommand.Redeem;
import tap.redemption.domain.AllowanceDecider;
import tap.redemption.domain.AllowanceEvent;
import tap.redemption.domain.AllowanceRejection;
import tap.redemption.domain.KeyedUse;
import tap.redemption.domain.Pass;
import tap.redemption.publishing.RedemptionsPublication;

/**
 * Redeems passes: two statements, for a short code one more. Whatever is refused was refused after the same work: one load, one
 * check of the code, and for a short code one settlement.
 */
public final class Redemptions {
    private static final Logger LOG = Logger.getLogger(Redemptions.class);

    private final CommandHandler<AllowanceCommand, Allowance, AllowanceEvent, AllowanceRejection> allowances;
    private final CodeCheck codes;
    private final Guessing guessing;
    private final Pseudonyms pseudonyms;
    private final MeterRegistry meters;

    /** @param allowances the command handler of allowances */
    public Redemptions(
            CommandHandler<AllowanceCommand, Allowance, AllowanceEvent, AllowanceRejection> allowances,
            CodeCheck codes,
            Guessing guessing,
            Pseudonyms pseudonyms,
            MeterRegistry meters) {
        this.allowances = allowances;
        this.codes = codes;
        this.guessing = guessing;
        this.pseudonyms = pseudonyms;
        this.meters = meters;
    }

    /**
     * Redeems a pass, if the code is its code and it may be used now. Runs to its end even when nobody waits for the answer any
     * more: whoever hangs up early must not get a guess for nothing.
     *
     * @return what came of it; fails with {@code Argon2PoolFull} or {@code Unavailable} if that could not be found out
     */
    public Uni<Redemption> redeem(RedemptionRequest request) {
        Attempt attempt = new Attempt(request);
        return Uni.createFrom().emitter(waiting -> attempt.run().subscribe().with(waiting::complete, waiting::fail));
    }

    // Not awaited: that a pass was just locked must not show in how long the answer takes. Until the event is there,
    // loads
    // find the count and treat the pass as locked.
    private void lock(String passId, int failures, String correlationId) {
        allowances
                .handle(
                        Load.head(passId),
                        loaded -> Uni.createFrom().item(new Lock(failures, loaded.now())),
                        new Metadata(RedemptionsPublication.SERVICE, correlationId, null))
                .subscribe()
                .with(
                        done -> LOG.infof("pass %s is locked after %d wrong codes", passId, failures),
                        failure -> LOG.warnf(
                                "pass %s could not be locked yet, but is closed by its count: %s",
                                passId, failure.getMessage()));
    }

    private void count(String outcome) {
        meters.counter("tap.redemptions", "outcome", outcome).increment();
    }

    /** One request on its way. The code is checked once, also when the allowance has to be loaded again. */
    private final class Attempt {
        private final RedemptionRequest request;
        private final UUID jti = Ids.next();
        private volatile @Nullable Place place;
        private volatile boolean throttled;
        private volatile boolean locked;
        private volatile @Nullable String checkedStream;
        private volatile CodeCheck.@Nullable Checked checked;

        Attempt(RedemptionRequest request) {
            this.request = request;
        }

        Uni<Redemption> run() {
            boolean isShort = !request.code().isStrong();
            String pseudonym = pseudonyms.of(request.user().nameKey());
            return allowances
                    .handle(
                            RedemptionLoad.of(request.user(), pseudonym, isShort),
                            RedemptionLoad.of(request.user(), pseudonym, false),
                            this::command,
                            new Metadata(request.clientId(), request.correlationId(), null))
                    .flatMap(this::settled)
                    .onFailure()
                    .call(this::settleFailed);
        }

        private Uni<AllowanceCommand> command(Loaded<Allowance, RedemptionLoad.Context> loaded) {
            RedemptionLoad.Context context = loaded.context();
            if (place == null) {
                place = context.place();
            }
            throttled = !request.code().isStrong() && place == null;
            return check(loaded)
                    .map(matches -> new Redeem(
                            matches, context.circumstances(), request.clientId(), jti, request.key(), loaded.now()));
        }

        private Uni<Boolean> check(Loaded<Allowance, ?> loaded) {
            if (throttled) {
                return Uni.createFrom().item(false);
            }
            CodeCheck.Checked known = checked;
            if (known != null) {
                // decided again, after another append: the answer holds for the pass that it was found for
                boolean samePass = checkedStream != null && checkedStream.equals(loaded.streamId());
                return Uni.createFrom().item(samePass && known.matches());
            }
            locked = place != null && place.exhausts(loaded.streamId());
            Uni<CodeCheck.Checked> check =
                    locked ? codes.checkAgainstNothing(request.code()) : codes.check(request.code(), loaded.state());
            return check.invoke(found -> {
                        checked = found;
                        checkedStream = loaded.streamId();
                    })
                    .map(CodeCheck.Checked::matches);
        }

        private Uni<Redemption> settled(Handled<Allowance, AllowanceEvent, AllowanceRejection> handled) {
            if (throttled) {
                count("throttled");
                return Uni.createFrom().item(new Redemption.Throttled());
            }
            return switch (handled) {
                case Handled.Accepted<Allowance, AllowanceEvent, AllowanceRejection> accepted -> redeemed(accepted);
                case Handled.Rejected<Allowance, AllowanceEvent, AllowanceRejection> rejected -> refused(rejected);
            };
        }

        private Uni<Redemption> redeemed(Handled.Accepted<Allowance, AllowanceEvent, AllowanceRejection> accepted) {
            Redemption redeemed = accepted.events().isEmpty()
                    ? repeated(accepted)
                    : new Redemption.Redeemed(pass(accepted.state()), jti, accepted.now(), accepted.now());
            count(accepted.events().isEmpty() ? "repeated" : "redeemed");
            Place taken = place;
            if (taken == null) {
                return Uni.createFrom().item(redeemed);
            }
            // The use is committed: a place that cannot be given back lapses by itself.
            return guessing.giveBack(taken).onFailure().recoverWithNull().replaceWith(redeemed);
        }

        private Redemption repeated(Handled.Accepted<Allowance, AllowanceEvent, AllowanceRejection> accepted) {
            KeyedUse use = Optional.ofNullable(request.key())
                    .flatMap(key -> AllowanceDecider.used(repeatable(accepted.state()), key))
                    .orElseThrow(() -> notRedeemed(accepted.state()));
            return new Redemption.Redeemed(pass(accepted.state()), use.jti(), use.at(), accepted.now());
        }

        private Uni<Redemption> refused(Handled.Rejected<Allowance, AllowanceEvent, AllowanceRejection> rejected) {
            AllowanceRejection why = locked ? AllowanceRejection.LOCKED : rejected.rejection();
            count(why.name().toLowerCase(Locale.ROOT));
            Redemption refused = new Redemption.Refused();
            Place taken = place;
            if (taken == null) {
                return Uni.createFrom().item(refused);
            }
            if (locked && checkedStream != null) {
                lock(checkedStream, taken.wrong(), request.correlationId());
            }
            String guessedAt = why == AllowanceRejection.WRONG_CODE ? guessedAt() : null;
            return guessing.fail(taken, guessedAt)
                    .invoke(wrong -> {
                        if (guessedAt != null && wrong >= Guessing.WRONG_CODES_THAT_LOCK) {
                            lock(guessedAt, wrong, request.correlationId());
                        }
                    })
                    .replaceWith(refused);
        }

        // Wrong codes count against the pass only if it has a short code: no stranger may lock a strong one.
        private @Nullable String guessedAt() {
            return checked != null && checked.guessable() ? checkedStream : null;
        }

        // Before the code was looked at nothing was guessed; afterwards it was, whatever came in between.
        private Uni<Void> settleFailed(Throwable failure) {
            count(failure instanceof Argon2PoolFull ? "argon2_full" : "unavailable");
            Place taken = place;
            if (taken == null) {
                return Uni.createFrom().voidItem();
            }
            Uni<Void> settled = checked == null
                    ? guessing.giveBack(taken)
                    : guessing.fail(taken, null).replaceWithVoid();
            return settled.onFailure().recoverWithNull();
        }

        private static Pass pass(Allowance allowance) {
            return switch (allowance) {
                case Allowance.Open open -> open.pass();
                case Allowance.Spent spent -> spent.pass();
                case Allowance.NotAdmitted other -> throw notRedeemed(other);
                case Allowance.Expired other -> throw notRedeemed(other);
                case Allowance.Locked other -> throw notRedeemed(other);
                case Allowance.Refused other -> throw notRedeemed(other);
                case Allowance.Withdrawn other -> throw notRedeemed(other);
            };
        }

        private static List<KeyedUse> repeatable(Allowance allowance) {
            return switch (allowance) {
                case Allowance.Open open -> open.repeatable();
                case Allowance.Spent spent -> spent.repeatable();
                case Allowance.NotAdmitted other -> throw notRedeemed(other);
                case Allowance.Expired other -> throw notRedeemed(other);
                case Allowance.Locked other -> throw notRedeemed(other);
                case Allowance.Refused other -> throw notRedeemed(other);
                case Allowance.Withdrawn other -> throw notRedeemed(other);
            };
        }

        private static IllegalStateException notRedeemed(Allowance allowance) {
            return new IllegalStateException("a redemption cannot lead to " + allowance);
        }
    }
}
