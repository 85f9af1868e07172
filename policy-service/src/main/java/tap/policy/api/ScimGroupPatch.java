package tap.policy.api;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import de.captaingoldfish.scim.sdk.common.constants.ScimType;
import de.captaingoldfish.scim.sdk.common.exceptions.BadRequestException;
import de.captaingoldfish.scim.sdk.common.resources.Group;
import de.captaingoldfish.scim.sdk.common.resources.complex.PatchConfig;
import de.captaingoldfish.scim.sdk.common.schemas.SchemaAttribute;
import de.captaingoldfish.scim.sdk.server.endpoints.Context;
import de.captaingoldfish.scim.sdk.server.filter.FilterNode;
import de.captaingoldfish.scim.sdk.server.patch.DefaultPatchOperationHandler;
import de.captaingoldfish.scim.sdk.server.patch.operations.MultivaluedComplexAttributeOperation;
import de.captaingoldfish.scim.sdk.server.schemas.ResourceType;
import org.jspecify.annotations.Nullable;
import tap.policy.application.GroupChange;
import tap.policy.application.GroupName;

/**
 * One PATCH of a group (RFC 7644 §3.5.2). Changes of members are collected as who joins and who leaves, so that a group of 50,000 is
 * never read in order to add one; everything else is left to the SDK.
 */
final class ScimGroupPatch extends DefaultPatchOperationHandler<Group> {
    private static final String MEMBERS = "members";

    private final ScimGroups groups;
    private final ScimCall call;
    private final Set<UUID> join = new LinkedHashSet<>();
    private final Set<UUID> leave = new LinkedHashSet<>();
    private boolean everybodyElseLeaves;

    ScimGroupPatch(ScimGroups groups, PatchConfig config, ResourceType type, ScimCall call) {
        super(Group.class, config, type, call);
        this.groups = groups;
        this.call = call;
    }

    @Override
    public boolean handleOperation(String id, MultivaluedComplexAttributeOperation operation) {
        if (!operation.getSchemaAttribute().getScimNodeName().equals(MEMBERS)) {
            return super.handleOperation(id, operation);
        }
        FilterNode filter = operation.getFilter();
        Set<UUID> named =
                operation.getValuesNode() == null ? Set.of() : ScimGroupForm.members(operation.getValuesNode());
        switch (operation.getPatchOp()) {
            case ADD -> {
                refuse(filter);
                joining(named);
            }
            case REPLACE -> {
                refuse(filter);
                everybodyLeaves();
                joining(named);
            }
            case REMOVE -> {
                if (filter != null) {
                    leaving(Set.of(memberId(filter)));
                } else if (named.isEmpty()) {
                    everybodyLeaves();
                } else {
                    // Entra's form, which RFC 7644 does not have: remove, with the members as the value
                    leaving(named);
                }
            }
        }
        return true;
    }

    private void joining(Set<UUID> members) {
        join.addAll(members);
        leave.removeAll(members);
    }

    private void leaving(Set<UUID> members) {
        leave.addAll(members);
        join.removeAll(members);
    }

    private void everybodyLeaves() {
        join.clear();
        leave.clear();
        everybodyElseLeaves = true;
    }

    // members[value eq "…"]
    private static UUID memberId(FilterNode filter) {
        ScimFilter read = ScimFilter.of(filter);
        String value = read.take("members.value");
        read.refuseOthers("members[value eq \"…\"]");
        return ScimGroupForm.memberId(value == null ? "" : value);
    }

    private static void refuse(@Nullable FilterNode filter) {
        if (filter != null) {
            throw new BadRequestException(
                    "Members are added and replaced as a whole: the path is 'members', without a filter.",
                    ScimType.RFC7644.INVALID_PATH);
        }
    }

    @Override
    public Group getUpdatedResource(
            String resourceId,
            Group patchedResource,
            boolean wasResourceChanged,
            List<SchemaAttribute> attributes,
            List<SchemaAttribute> excludedAttributes,
            Context context) {
        UUID groupId = ScimGroups.known(resourceId);
        Group before = getOldResourceSupplier(resourceId, List.of(), List.of(), context)
                .get();
        GroupName name = ScimGroupForm.name(patchedResource);
        GroupChange change = new GroupChange(
                name.equals(ScimGroupForm.name(before)) ? null : name, join, leave, everybodyElseLeaves);
        groups.change(groupId, change, call);
        return groups.getResource(resourceId, attributes, excludedAttributes, call);
    }
}
