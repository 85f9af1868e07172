package tap.policy.api;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import de.captaingoldfish.scim.sdk.common.resources.Group;
import de.captaingoldfish.scim.sdk.common.resources.complex.Meta;
import de.captaingoldfish.scim.sdk.common.resources.multicomplex.Member;
import tap.contract.UserNames;
import tap.policy.application.GroupName;
import tap.policy.projections.groupdetails.GroupWithMembers;
import tap.policy.projections.groupdetails.NamedGroup;

/** SCIM's form of a group, to ours and back (RFC 7643 §4.2). */
final class ScimGroupForm {
    private static final String MEMBER = "members.value";
    private static final int LONGEST_KEY = 600;

    private ScimGroupForm() {}

    /** What the group is called. */
    static GroupName name(Group group) {
        String displayName = ScimUserForm.text("displayName", group.getDisplayName());
        if (displayName == null || displayName.isBlank()) {
            throw ScimUserForm.invalid("displayName", "a name");
        }
        if (UserNames.key(displayName).length() > LONGEST_KEY) {
            throw ScimUserForm.invalid("displayName", "a shorter name");
        }
        return new GroupName(displayName, ScimUserForm.text("externalId", group.getExternalId()));
    }

    /** Who is named as a member, users and groups alike. */
    static Set<UUID> members(List<Member> members) {
        Set<UUID> ids = new LinkedHashSet<>();
        members.forEach(member -> ids.add(memberId(member.getValue().orElse(""))));
        return ids;
    }

    /** As {@link #members(List)}, of members as PATCH brings them: objects with a value, or the bare ids. */
    static Set<UUID> members(Iterable<JsonNode> members) {
        Set<UUID> ids = new LinkedHashSet<>();
        members.forEach(member ->
                ids.add(memberId(member.isObject() ? member.path("value").asText() : member.asText())));
        return ids;
    }

    /** A member's id. */
    static UUID memberId(String value) {
        if (!ScimUsers.ID.matcher(value).matches()) {
            throw ScimUserForm.invalid(MEMBER, "the id of a user or group");
        }
        return UUID.fromString(value);
    }

    /** The answer to a question, without members. */
    static Group group(NamedGroup details) {
        return Group.builder()
                .id(details.groupId.toString())
                .displayName(details.displayName)
                .externalId(details.externalId)
                .meta(Meta.builder()
                        .created(details.createdAt)
                        .lastModified(details.changedAt)
                        .build())
                .build();
    }

    /** The answer to a question, with members unless they are too many. */
    static Group withMembers(GroupWithMembers details) {
        Group group = group(details);
        List<GroupWithMembers.Member> members = details.members();
        if (members != null) {
            group.setMembers(members.stream()
                    .map(member -> Member.builder()
                            .value(member.value())
                            .type(member.type())
                            .display(member.display())
                            .build())
                    .toList());
        }
        return group;
    }
}
