package tap.contract;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * The value on {@link Topics#DIRECTORY_NAMES}: the names of a user, absolute state. Personal data: on no other topic.
 *
 * @param userId whose
 * @param userName as provisioned; compared case-folded in NFKC
 * @param externalId the provisioning client's own id, or {@code null}
 */
public record DirectoryNameV1(
        UUID userId, String userName, @Nullable String externalId) {}
