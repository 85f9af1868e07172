package tap.policy.projections.userdetails;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;
import tap.contract.ContractJson;
import tap.policy.domain.UserProfile;

/** A user with names: the row of {@code person} and the head of the user's stream. */
@Entity
@Immutable
@Table(name = "user_details")
@SuppressWarnings("NullAway.Init") // filled by Hibernate
public class UserDetails extends PanacheEntityBase {
    /** The user's id. */
    @Id
    @Column(name = "user_id")
    public UUID userId;

    /** As provisioned. */
    @Column(name = "user_name")
    public String userName;

    /** What user names are compared by. */
    @Column(name = "folded_user_name")
    public String foldedUserName;

    /** The provisioning side's own id. */
    @Column(name = "external_id")
    public @Nullable String externalId;

    /** For people. */
    @Column(name = "display_name")
    public @Nullable String displayName;

    /** The provisioning side's own word for the user's kind. */
    @Column(name = "user_type")
    public @Nullable String userType;

    /** When the user came. */
    @Column(name = "created_at")
    public Instant createdAt;

    /** When the user last changed, names included. */
    @Column(name = "changed_at")
    public Instant changedAt;

    @Column(name = "profile")
    String profile;

    @Column(name = "groups")
    String groups;

    /** What others may know of the user. */
    public UserProfile profile() {
        try {
            return ContractJson.mapper().readValue(profile, UserProfile.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the head of user " + userId + " is not what this build writes", e);
        }
    }

    /** The groups that the user is a direct member of, by id. */
    public List<NamedGroup> groups() {
        try {
            return List.of(ContractJson.mapper().readValue(groups, NamedGroup[].class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the groups of user " + userId + " are not what the view makes", e);
        }
    }

    /** A group's id and name. */
    public record NamedGroup(String value, String display) {}
}
