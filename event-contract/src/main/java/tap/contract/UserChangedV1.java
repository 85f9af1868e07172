package tap.contract;

import java.util.List;
import java.util.UUID;

/**
 * {@code user-changed.v1}: a user was provisioned or changed; absolute state, ids only.
 *
 * @param userId whom
 * @param active whether the user may sign in at all
 * @param kind {@code member}, {@code internalGuest} or {@code externalGuest}
 * @param administratorRoles role template ids, as Graph's {@code wids}
 * @param groupIds the groups that the user is a direct member of
 */
public record UserChangedV1(
        UUID userId, boolean active, String kind, List<String> administratorRoles, List<UUID> groupIds)
        implements PublicEvent {}
