package tap.contract;

import java.util.List;
import java.util.UUID;

/**
 * {@code group-changed.v1}: a group was provisioned or moved; absolute state.
 *
 * @param groupId which
 * @param parentGroupIds the groups that it is a direct member of
 */
public record GroupChangedV1(UUID groupId, List<UUID> parentGroupIds) implements PublicEvent {}
