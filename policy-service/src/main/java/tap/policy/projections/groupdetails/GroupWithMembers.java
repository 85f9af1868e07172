package tap.policy.projections.groupdetails;

import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;
import tap.contract.ContractJson;

/** A group with its direct members, which are read from their heads. */
@Entity
@Immutable
@Table(name = "group_with_members")
@SuppressWarnings("NullAway.Init") // filled by Hibernate
public class GroupWithMembers extends NamedGroup {
    @Column(name = "members")
    @Nullable
    String members;

    /** The members by id, or null if they are more than 10,000. */
    public @Nullable List<Member> members() {
        try {
            return members == null ? null : List.of(ContractJson.mapper().readValue(members, Member[].class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the members of group " + groupId + " are not what the view makes", e);
        }
    }

    /**
     * A direct member.
     *
     * @param value the id
     * @param type {@code User} or {@code Group}
     * @param display the name, if there is one
     */
    public record Member(
            String value, String type, @Nullable String display) {}
}
