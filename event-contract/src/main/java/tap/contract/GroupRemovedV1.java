package tap.contract;

import java.util.UUID;

/**
 * {@code group-removed.v1}: a group left the directory.
 *
 * @param groupId which
 */
public record GroupRemovedV1(UUID groupId) implements PublicEvent {}
