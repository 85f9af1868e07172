package tap.policy.projections.policydetails;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import tap.policy.domain.PolicySettings;
import tap.policy.publishing.StoredPolicy;

/** Asks what the policy is. */
@ApplicationScoped
public class PolicyDetailsQueries implements PanacheRepositoryBase<PolicyDetails, String> {
    /** What holds now; whoever changed the policy reads it here. */
    @WithSession
    public Uni<PolicySettings> settings() {
        return findById(StoredPolicy.STREAM).map(PolicyDetails::settings);
    }
}
