package tap.policy.application;

import org.jspecify.annotations.Nullable;

/**
 * What a group is called: in the table {@code directory_group} and in SCIM's answers, never in an event.
 *
 * @param displayName for people; need not be unique
 * @param externalId the provisioning side's own id
 */
public record GroupName(String displayName, @Nullable String externalId) {}
