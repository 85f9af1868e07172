package tap.policy.projections.groupdetails;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;
import tap.contract.UserNames;

/** Asks for groups; whoever changed a group reads it here. */
@ApplicationScoped
public class GroupDetailsQueries implements PanacheRepositoryBase<GroupDetails, UUID> {
    /** The group with the id and without members, or null. */
    @WithSession
    public Uni<@Nullable GroupDetails> byId(UUID groupId) {
        return findById(groupId);
    }

    /** The group with the id and with members, or null. */
    @WithSession
    public Uni<@Nullable GroupWithMembers> withMembers(UUID groupId) {
        return GroupWithMembers.findById(groupId);
    }

    /** Groups that are all of this, in the order of their ids. */
    @WithSession
    public Uni<Page> page(Criteria criteria, int offset, int limit) {
        Map<String, Object> parameters = new HashMap<>();
        String where = criteria.where(parameters);
        return count(where, parameters)
                .flatMap(total -> limit == 0 || offset >= total
                        ? Uni.createFrom().item(new Page(List.of(), total))
                        : find(where + " ORDER BY groupId", parameters)
                                .range(offset, offset + limit - 1)
                                .list()
                                .map(groups -> new Page(groups, total)));
    }

    /**
     * What groups are looked for by; {@code null}: by anything.
     *
     * @param displayName compared case-folded in NFKC
     * @param memberId a direct member
     */
    public record Criteria(
            @Nullable UUID groupId,
            @Nullable String displayName,
            @Nullable String externalId,
            @Nullable UUID memberId) {
        /** Every group. */
        public static final Criteria ALL = new Criteria(null, null, null, null);

        private String where(Map<String, Object> parameters) {
            List<String> all = new ArrayList<>(List.of("1 = 1"));
            if (groupId != null) {
                all.add("groupId = :groupId");
                parameters.put("groupId", groupId);
            }
            if (displayName != null) {
                all.add("foldedDisplayName = :name");
                parameters.put("name", UserNames.key(displayName));
            }
            if (externalId != null) {
                all.add("externalId = :externalId");
                parameters.put("externalId", externalId);
            }
            if (memberId != null) {
                all.add("groupId IN (SELECT m.groupId FROM GroupMembership m WHERE m.memberId = :memberId)");
                parameters.put("memberId", memberId.toString());
            }
            return String.join(" AND ", all);
        }
    }

    /** Some groups, and how many there are. */
    public record Page(List<GroupDetails> groups, long total) {
        /** Copies the list. */
        public Page {
            groups = List.copyOf(groups);
        }
    }
}
