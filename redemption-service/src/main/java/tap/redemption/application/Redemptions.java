package tap.redemption.application;

import java.time.Instant;
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
    private final SourceBuckets sources;
    private final Refusals refusals;
    private final MeterRegistry meters;

    /** @param allowances the command handler of allowances */
    public Redemptions(
            CommandHandler<AllowanceCommand, Allowance, AllowanceEvent, AllowanceRejection> allowances,
            CodeCheck codes,
            Guessing guessing,
            Pseudonyms pseudonyms,
            SourceBuckets sources,
            Refusals refusals,
            MeterRegistry meters) {
        this.allowances = allowances;
        this.codes = codes;
        this.guessing = guessing;
        this.pseudonyms = pseudonyms;
        this.sources = sources;
        this.refusals = refusals;
        this.meters = meters;
    }

    /**
     * Redeems a pass, if the code is its code and it may be used now. Runs to its end even when nobody waits for the answer any
     * more: whoever hangs up early must not get a guess for nothing.
     *
     * @return what came of it; fails with {@code Argon2PoolFull} or {@code Unavailable} if that could not be found out
     */
    public Uni<Redemption> redeem(RedemptionRequest request) {
        SourceBuckets.Taken tokens = null;
        if (!request.code().isStrong()) {
            Optional<SourceBuckets.Taken> taken = sources.take(request.source());
            if (taken.isEmpty()) {
                count("shed");
                return Uni.createFrom().item(new Redemption.Throttled());
            }
            tokens = taken.get();
        }
        Attempt attempt = new Attempt(request, tokens);
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
        private final SourceBuckets.@Nullable Taken tokens;
        private final UUID jti = Ids.next();
        private volatile @Nullable Place place;
        private volatile boolean throttled;
        private volatile boolean locked;
        private volatile @Nullable String checkedStream;
        private volatile CodeCheck.@Nullable Checked checked;
        private volatile @Nullable UUID userId;
        private volatile @Nullable String streamId;
        private volatile Instant loadedAt = Instant.EPOCH;

        Attempt(RedemptionRequest request, SourceBuckets.@Nullable Taken tokens) {
            this.request = request;
            this.tokens = tokens;
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
            userId = context.userId();
            streamId = loaded.streamId();
            loadedAt = loaded.now();
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
                refuse(Refusals.THROTTLED);
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
            giveTokensBack();
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
            refuse(why.name().toLowerCase(Locale.ROOT));
            Redemption refused = new Redemption.Refused();
            Place taken = place;
            if (taken == null) {
                return Uni.createFrom().item(refused);
            }
            // once only: a pass that is known to be locked costs no more than any other
            if (locked && checkedStream != null && rejected.state() instanceof Allowance.Open) {
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

        // The same for every reason: a counter, and a note in memory that is written later.
        private void refuse(String reason) {
            count(reason);
            UUID user = userId;
            if (user == null) {
                return;
            }
            String stream = streamId;
            Refusal refusal = new Refusal(
                    loadedAt,
                    reason,
                    stream == null ? null : UUID.fromString(stream),
                    request.clientId(),
                    UUID.fromString(request.correlationId()));
            if (!refusals.note(user, refusal)) {
                meters.counter("tap.refusals.dropped").increment();
            }
        }

        private void giveTokensBack() {
            if (tokens != null) {
                tokens.giveBack();
            }
        }

        // Wrong codes count against the pass only if it has a short code: no stranger may lock a strong one.
        private @Nullable String guessedAt() {
            return checked != null && checked.guessable() ? checkedStream : null;
        }

        // Before the code was looked at nothing was guessed; afterwards it was, whatever came in between.
        private Uni<Void> settleFailed(Throwable failure) {
            count(failure instanceof Argon2PoolFull ? "argon2_full" : "unavailable");
            CodeCheck.Checked looked = checked;
            if (looked == null) {
                giveTokensBack();
            }
            Place taken = place;
            if (taken == null) {
                return Uni.createFrom().voidItem();
            }
            Uni<Void> settled = looked == null
                    ? guessing.giveBack(taken)
                    : guessing.fail(taken, looked.matches() ? null : guessedAt())
                            .replaceWithVoid();
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
