package tap.pass.application;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jboss.logging.Logger;
import tap.eventsourcing.confirmation.ConfirmationTimes;
import tap.eventsourcing.confirmation.Facts;
import tap.pass.domain.Allowance;

/** Waits for what redemption-service answers to an issue or a revocation, in this service's own copy. */
public final class AllowanceFacts {
    private static final Logger LOG = Logger.getLogger(AllowanceFacts.class);
    private static final String ANSWER = """
            SELECT a.admitted_at IS NOT NULL AS admitted, a.refused_at IS NOT NULL AS refused, coalesce(a.uses, 0) AS uses,
              a.last_used_at, a.spent_at IS NOT NULL AS spent, a.expired_at IS NOT NULL AS expired,
              a.locked_at IS NOT NULL AS locked, a.withdrawn_at IS NOT NULL AS withdrawn
            FROM (SELECT $1::uuid AS pass_id) k LEFT JOIN allowance_copy a USING (pass_id)""";

    private final Facts facts;
    private final Pool pool;
    private final Duration timeout;
    private final ConfirmationTimes admissions;
    private final ConfirmationTimes withdrawals;

    AllowanceFacts(Facts facts, Pool pool, Duration timeout, MeterRegistry meters) {
        this.facts = facts;
        this.pool = pool;
        this.timeout = timeout;
        this.admissions = new ConfirmationTimes("issue", meters);
        this.withdrawals = new ConfirmationTimes("delete", meters);
    }

    /**
     * What redemption-service has made of an issued pass, or {@link Allowance#UNKNOWN} if that is not known in time. A pass that was
     * replaced meanwhile is admitted and withdrawn. Never fails: what is stored is stored, confirmed or not.
     *
     * @param appliedHere whether this pod is the one that follows what is said of the pass
     */
    Uni<Allowance> admission(UUID passId, boolean appliedHere) {
        return await(
                admissions,
                admittedKey(passId.toString()),
                passId,
                appliedHere,
                allowance -> allowance.admitted() || allowance.refused());
    }

    /** Whether a pass is known, in time, to be withdrawn; otherwise as {@link #admission}. */
    Uni<Boolean> withdrawn(UUID passId, boolean appliedHere) {
        return await(withdrawals, withdrawnKey(passId.toString()), passId, appliedHere, Allowance::withdrawn)
                .map(Allowance::withdrawn);
    }

    /** Says that an allowance's event was applied here; returns at once. */
    public void applied(String type, String passId) {
        switch (type) {
            case "pass-admitted.v1", "admission-refused.v1" -> facts.signal(admittedKey(passId));
            case "pass-withdrawn.v1" -> facts.signal(withdrawnKey(passId));
            default -> {}
        }
    }

    private Uni<Allowance> await(
            ConfirmationTimes times, String key, UUID passId, boolean appliedHere, Predicate<Allowance> answered) {
        AtomicReference<Allowance> seen = new AtomicReference<>(Allowance.UNKNOWN);
        return times.timed(facts.await(
                        key,
                        appliedHere,
                        () -> allowance(passId).invoke(seen::set).map(answered::test),
                        timeout))
                .map(inTime -> inTime ? seen.get() : Allowance.UNKNOWN)
                .onFailure()
                .invoke(failure -> LOG.warnf("cannot look for the confirmation of pass %s: %s", passId, failure))
                .onFailure()
                .recoverWithItem(Allowance.UNKNOWN);
    }

    private Uni<Allowance> allowance(UUID passId) {
        return pool.preparedQuery(ANSWER).execute(Tuple.of(passId)).map(rows -> {
            Row row = rows.iterator().next();
            OffsetDateTime lastUsed = row.getOffsetDateTime("last_used_at");
            return new Allowance(
                    row.getBoolean("admitted"),
                    row.getBoolean("refused"),
                    row.getInteger("uses"),
                    lastUsed == null ? null : lastUsed.toInstant(),
                    row.getBoolean("spent"),
                    row.getBoolean("expired"),
                    row.getBoolean("locked"),
                    row.getBoolean("withdrawn"));
        });
    }

    private static String admittedKey(String passId) {
        return "admitted/" + passId;
    }

    private static String withdrawnKey(String passId) {
        return "withdrawn/" + passId;
    }
}
