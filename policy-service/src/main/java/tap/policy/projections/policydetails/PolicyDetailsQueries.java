package tap.policy.projections.policydetails;

import java.time.Instant;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.Past;
import tap.policy.domain.Policy;
import tap.policy.domain.PolicyCommand;
import tap.policy.domain.PolicyEvent;
import tap.policy.domain.PolicyRejection;
import tap.policy.domain.PolicySettings;
import tap.policy.publishing.StoredPolicy;

/** Asks what the policy is, and was. */
@ApplicationScoped
public class PolicyDetailsQueries implements PanacheRepositoryBase<PolicyDetails, String> {
    private final CommandHandler<PolicyCommand, Policy, PolicyEvent, PolicyRejection> policies;

    PolicyDetailsQueries(CommandHandler<PolicyCommand, Policy, PolicyEvent, PolicyRejection> policies) {
        this.policies = policies;
    }

    /** What holds now; whoever changed the policy reads it here. */
    @WithSession
    public Uni<PolicySettings> settings() {
        return findById(StoredPolicy.STREAM).map(PolicyDetails::settings);
    }

    /** What held at an earlier moment, as the log tells it. */
    public Uni<Past<Policy>> asOf(Instant moment) {
        return policies.asOf(StoredPolicy.STREAM, moment);
    }
}
