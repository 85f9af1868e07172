package tap.policy.application;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import tap.eventsourcing.Appended;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.Handled;
import tap.eventsourcing.Load;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.confirmation.Confirmation;
import tap.eventsourcing.confirmation.ConfirmationTimes;
import tap.policy.domain.Policy;
import tap.policy.domain.PolicyChange;
import tap.policy.domain.PolicyCommand;
import tap.policy.domain.PolicyCommand.ConfigurePolicy;
import tap.policy.domain.PolicyCommand.ResetPolicy;
import tap.policy.domain.PolicyEvent;
import tap.policy.domain.PolicyRejection;
import tap.policy.publishing.StoredPolicy;

/** Changes of the policy: two statements each, then the wait until issuing and redeeming obey it. */
@Singleton
public class PolicyChanges {
    private static final String NEWEST =
            "SELECT xid::text AS xid, seq, event_id FROM event WHERE stream_id = $1 ORDER BY version DESC LIMIT 1";

    private final CommandHandler<PolicyCommand, Policy, PolicyEvent, PolicyRejection> policies;
    private final Confirmation confirmation;
    private final ConfirmationTimes times;
    private final PolicyServiceConfig config;
    private final Pool pool;

    PolicyChanges(
            CommandHandler<PolicyCommand, Policy, PolicyEvent, PolicyRejection> policies,
            Confirmation confirmation,
            PolicyServiceConfig config,
            Pool pool,
            MeterRegistry meters) {
        this.policies = policies;
        this.confirmation = confirmation;
        this.times = new ConfirmationTimes("policy", meters);
        this.config = config;
        this.pool = pool;
    }

    /** Changes the members that the change names; fails with {@code Unavailable} if it cannot be decided now. */
    public Uni<Outcome> configure(PolicyChange change, Metadata metadata) {
        return change.equals(PolicyChange.NONE)
                ? Uni.createFrom().item(new Outcome.Effective(true))
                : handle(now -> new ConfigurePolicy(change, now), metadata);
    }

    /** Puts everything back to the defaults; fails with {@code Unavailable} if it cannot be decided now. */
    public Uni<Outcome> reset(Metadata metadata) {
        return handle(ResetPolicy::new, metadata);
    }

    private Uni<Outcome> handle(Function<Instant, PolicyCommand> command, Metadata metadata) {
        return policies.handle(
                        Load.head(StoredPolicy.STREAM),
                        loaded -> Uni.createFrom().item(() -> command.apply(loaded.now())),
                        metadata)
                .flatMap(handled -> switch (handled) {
                    case Handled.Accepted<Policy, PolicyEvent, PolicyRejection> accepted ->
                        effective(accepted).map(Outcome.Effective::new);
                    case Handled.Rejected<Policy, PolicyEvent, PolicyRejection> rejected ->
                        Uni.createFrom().item(new Outcome.Refused(rejected.rejection()));
                });
    }

    // Who repeats a change that was answered as pending asks whether it is effective by now, not whether it is stored.
    private Uni<Boolean> effective(Handled.Accepted<Policy, PolicyEvent, PolicyRejection> accepted) {
        return accepted.events().isEmpty()
                ? newest().flatMap(this::effective)
                : times.timed(effective(accepted.appended()));
    }

    private Uni<Boolean> effective(Appended appended) {
        return confirmation.confirmed(appended, config.confirmation().timeout());
    }

    private Uni<Appended> newest() {
        return pool.preparedQuery(NEWEST).execute(Tuple.of(StoredPolicy.STREAM)).map(rows -> {
            if (rows.size() == 0) {
                return Appended.NOTHING;
            }
            Row row = rows.iterator().next();
            return new Appended(row.getString("xid"), row.getLong("seq"), List.of(row.getUUID("event_id")));
        });
    }

    /** What became of a change. */
    public sealed interface Outcome {
        /**
         * It is so.
         *
         * @param confirmed whether issuing and redeeming are known to obey it
         */
        record Effective(boolean confirmed) implements Outcome {}

        /** Nothing changed. */
        record Refused(PolicyRejection rejection) implements Outcome {}
    }
}
