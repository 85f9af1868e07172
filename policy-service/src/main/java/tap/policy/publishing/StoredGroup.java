package tap.policy.publishing;

import java.util.UUID;

import tap.contract.ContractJson;
import tap.contract.GroupChangedV1;
import tap.contract.GroupRemovedV1;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.JsonEventCodec;
import tap.eventsourcing.JsonStateCodec;
import tap.eventsourcing.StateCodec;
import tap.policy.domain.Group;
import tap.policy.domain.GroupEvent;
import tap.policy.domain.GroupEvent.GroupChanged;
import tap.policy.domain.GroupEvent.GroupRemoved;

/** A group's stream: its id, the stored names of its events, and how its head is kept. Ids only: names are in {@code directory_group}. */
public final class StoredGroup {
    /** The stored names. */
    public static final EventCodec<GroupEvent> EVENTS = JsonEventCodec.<GroupEvent>with(ContractJson.mapper())
            .event(
                    "group-changed.v1",
                    GroupChanged.class,
                    GroupChangedV1.class,
                    event -> new GroupChangedV1(event.groupId(), event.parentGroupIds()),
                    stored -> new GroupChanged(stored.groupId(), stored.parentGroupIds()))
            .event(
                    "group-removed.v1",
                    GroupRemoved.class,
                    GroupRemovedV1.class,
                    event -> new GroupRemovedV1(event.groupId()),
                    stored -> new GroupRemoved(stored.groupId()))
            .build();

    /** The head. The directory's indexes and views read {@code parentGroupIds} of it. */
    public static final StateCodec<Group> HEAD = new JsonStateCodec<>(
            Group.class, 1, ContractJson.mapper(), StoredGroup::key, group -> group instanceof Group.Removed);

    private StoredGroup() {}

    /** The stream of a group, and the key of its messages: the id. */
    public static String stream(UUID groupId) {
        return groupId.toString();
    }

    private static String key(Group group) {
        return switch (group) {
            case Group.Provisioned provisioned -> stream(provisioned.groupId());
            case Group.Removed removed -> stream(removed.groupId());
            case Group.Unknown unknown -> throw new IllegalStateException("a group without an event has no head");
        };
    }
}
