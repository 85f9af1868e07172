package tap.policy.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import de.captaingoldfish.scim.sdk.common.constants.ScimType;
import de.captaingoldfish.scim.sdk.common.constants.enums.SortOrder;
import de.captaingoldfish.scim.sdk.common.exceptions.ConflictException;
import de.captaingoldfish.scim.sdk.common.exceptions.ResourceNotFoundException;
import de.captaingoldfish.scim.sdk.common.resources.Group;
import de.captaingoldfish.scim.sdk.common.schemas.SchemaAttribute;
import de.captaingoldfish.scim.sdk.server.endpoints.Context;
import de.captaingoldfish.scim.sdk.server.endpoints.ResourceHandler;
import de.captaingoldfish.scim.sdk.server.endpoints.features.EndpointType;
import de.captaingoldfish.scim.sdk.server.filter.FilterNode;
import de.captaingoldfish.scim.sdk.server.patch.PatchOperationHandler;
import de.captaingoldfish.scim.sdk.server.response.PartialListResponse;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.Ids;
import tap.policy.application.GroupChange;
import tap.policy.application.GroupName;
import tap.policy.application.Groups;
import tap.policy.application.Groups.Outcome;
import tap.policy.domain.GroupDecider;
import tap.policy.domain.Membership;
import tap.policy.projections.groupdetails.GroupDetails;
import tap.policy.projections.groupdetails.GroupDetailsQueries;
import tap.policy.projections.groupdetails.GroupDetailsQueries.Criteria;
import tap.policy.projections.groupdetails.GroupWithMembers;

/** What the SCIM SDK asks of groups. It asks in blocking calls, each on a virtual thread ({@link ScimCall#await}). */
@Singleton
class ScimGroups extends ResourceHandler<Group> {
    private static final String MEMBERS = "members";
    private static final int MOST_MEMBERS = 10_000;

    private final Groups groups;
    private final GroupDetailsQueries queries;

    ScimGroups(Groups groups, GroupDetailsQueries queries) {
        this.groups = groups;
        this.queries = queries;
    }

    @Override
    public Group createResource(Group resource, Context context) {
        ScimCall call = (ScimCall) context;
        UUID groupId = Ids.next();
        GroupName name = ScimGroupForm.name(resource);
        Set<UUID> members = ScimGroupForm.members(resource.getMembers());
        effective(call, groupId, call.await(groups.provision(groupId, name, members, call.metadata())));
        return withMembers(groupId, call);
    }

    @Override
    public Group updateResource(Group resource, Context context) {
        UUID groupId = known(resource.getId().orElse(""));
        GroupName name = ScimGroupForm.name(resource);
        Set<UUID> members = ScimGroupForm.members(resource.getMembers());
        ScimCall call = (ScimCall) context;
        change(groupId, GroupChange.replace(name, members), call);
        return withMembers(groupId, call);
    }

    /** Changes a group. */
    void change(UUID groupId, GroupChange change, ScimCall call) {
        effective(call, groupId, call.await(groups.change(groupId, change, call.metadata())));
    }

    @Override
    public void deleteResource(String id, Context context) {
        ScimCall call = (ScimCall) context;
        UUID groupId = known(id);
        effective(call, groupId, call.await(groups.remove(groupId, call.metadata())));
    }

    @Override
    public Group getResource(
            String id, List<SchemaAttribute> attributes, List<SchemaAttribute> excluded, Context context) {
        ScimCall call = (ScimCall) context;
        return wanted(attributes, excluded) ? withMembers(known(id), call) : withoutMembers(id, call);
    }

    /** Without members, which may be many and which nobody needs in order to change a group. */
    @Override
    public Group getResourceForUpdate(
            String id,
            List<SchemaAttribute> attributes,
            List<SchemaAttribute> excluded,
            Context context,
            EndpointType endpoint) {
        return withoutMembers(id, (ScimCall) context);
    }

    @Override
    public PatchOperationHandler<Group> getPatchOpResourceHandler(String resourceId, Context context) {
        return new ScimGroupPatch(this, getServiceProvider().getPatchConfig(), getResourceType(), (ScimCall) context);
    }

    @Override
    public PartialListResponse<Group> listResources(
            long startIndex,
            int count,
            @Nullable FilterNode filter,
            @Nullable SchemaAttribute sortBy,
            @Nullable SortOrder sortOrder,
            List<SchemaAttribute> attributes,
            List<SchemaAttribute> excluded,
            Context context) {
        ScimCall call = (ScimCall) context;
        int offset = (int) Math.min(Integer.MAX_VALUE - getMaxResults(), Math.max(0, startIndex - 1));
        Criteria criteria = filter == null ? Criteria.ALL : criteria(ScimFilter.of(filter));
        GroupDetailsQueries.Page page = criteria == null
                ? new GroupDetailsQueries.Page(List.of(), 0)
                : call.await(queries.page(criteria, offset, count));
        List<Group> found = wanted(attributes, excluded)
                ? withMembers(page.groups(), call)
                : page.groups().stream().map(ScimGroupForm::group).toList();
        return PartialListResponse.<Group>builder()
                .resources(found)
                .totalResults(page.total())
                .build();
    }

    // Null: nothing can be all of this.
    private static @Nullable Criteria criteria(ScimFilter filter) {
        String id = filter.take("id");
        String name = filter.take("displayName");
        String externalId = filter.take("externalId");
        String value = filter.take("members.value");
        // Entra's form
        String member = value == null ? filter.take(MEMBERS) : value;
        filter.refuseOthers("id, displayName, externalId and members.value");
        boolean possible = ScimFilter.possibleId(id)
                && ScimFilter.possibleId(member)
                && ScimFilter.possibleText(name)
                && ScimFilter.possibleText(externalId);
        return possible ? new Criteria(ScimFilter.uuid(id), name, externalId, ScimFilter.uuid(member)) : null;
    }

    private static boolean wanted(List<SchemaAttribute> attributes, List<SchemaAttribute> excluded) {
        return excluded.stream().noneMatch(ScimGroups::isMembers)
                && (attributes.isEmpty() || attributes.stream().anyMatch(ScimGroups::isMembers));
    }

    private static boolean isMembers(SchemaAttribute attribute) {
        return attribute.getScimNodeName().equals(MEMBERS)
                || attribute.getScimNodeName().startsWith(MEMBERS + ".");
    }

    private Group withMembers(UUID groupId, ScimCall call) {
        GroupWithMembers details = call.<@Nullable GroupWithMembers>await(queries.withMembers(groupId));
        if (details == null) {
            throw notFound(groupId.toString());
        }
        return ScimGroupForm.withMembers(details);
    }

    // Of a page only as many as one answer can hold; the groups after them are answered without.
    private List<Group> withMembers(List<GroupDetails> page, ScimCall call) {
        List<Group> groups = new ArrayList<>();
        int members = 0;
        for (GroupDetails details : page) {
            Group group = members < MOST_MEMBERS ? withMembers(details.groupId, call) : ScimGroupForm.group(details);
            members += group.getMembers().size();
            groups.add(group);
        }
        return groups;
    }

    private Group withoutMembers(String id, ScimCall call) {
        GroupDetails details = call.<@Nullable GroupDetails>await(queries.byId(known(id)));
        if (details == null) {
            throw notFound(id);
        }
        return ScimGroupForm.group(details);
    }

    private static void effective(ScimCall call, UUID groupId, Outcome outcome) {
        switch (outcome) {
            case Outcome.Effective effective -> call.changed(effective.appended());
            case Outcome.MemberUnknown unknown ->
                throw ScimUserForm.invalid(
                        "members.value",
                        "the id of a user or group of the directory, which " + unknown.memberId() + " is not");
            case Outcome.Refused refused ->
                throw switch (refused.rejection()) {
                    case NOT_IN_DIRECTORY -> notFound(groupId.toString());
                    case ALREADY_KNOWN ->
                        new ConflictException("Another group has this id.", ScimType.RFC7644.UNIQUENESS);
                    case CYCLE ->
                        ScimUserForm.invalid(
                                "members.value",
                                "a group that " + groupId + " is not in, directly or through others, which "
                                        + refused.id() + " is");
                    case TOO_DEEP ->
                        ScimUserForm.invalid(
                                "members.value",
                                "groups nested in at most " + GroupDecider.MOST_LEVELS + " levels, which "
                                        + refused.id() + " would exceed");
                    case TOO_MANY_GROUPS ->
                        ScimUserForm.invalid(
                                "members.value",
                                "members of at most " + Membership.MOST_GROUPS + " groups, which " + refused.id()
                                        + " would exceed");
                };
        }
    }

    /** The id as it is in a path. */
    static UUID known(String id) {
        if (!ScimUsers.ID.matcher(id).matches()) {
            throw notFound(id);
        }
        return UUID.fromString(id);
    }

    private static ResourceNotFoundException notFound(String id) {
        return new ResourceNotFoundException("There is no group with the id '" + id + "'.");
    }
}
