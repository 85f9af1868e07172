package tap.policy.projections.policydetails;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;
import tap.contract.ContractJson;
import tap.policy.domain.PolicySettings;

/** The policy as it holds now: the head of its stream, or the defaults as long as nobody configured anything. */
@Entity
@Immutable
@Table(name = "policy_details")
public class PolicyDetails extends PanacheEntityBase {
    @Id
    @Column(name = "stream_id")
    @Nullable
    String streamId;

    /** How many changes led here. */
    @Column(name = "revision")
    public long revision;

    @Column(name = "settings")
    @Nullable
    String settings;

    /** What holds. */
    public PolicySettings settings() {
        if (settings == null) {
            return PolicySettings.DEFAULTS;
        }
        try {
            return ContractJson.mapper().readValue(settings, PolicySettings.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the head of the policy is not what this build writes", e);
        }
    }
}
