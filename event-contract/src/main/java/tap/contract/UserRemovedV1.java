package tap.contract;

import java.util.UUID;

/**
 * {@code user-removed.v1}: a user left the directory.
 *
 * @param userId who
 */
public record UserRemovedV1(UUID userId) implements PublicEvent {}
