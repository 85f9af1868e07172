package tap.policy.application;

import org.jspecify.annotations.Nullable;

/**
 * The names of a user, as the provisioning side gave them. Personal data: in the table {@code person} and in SCIM's answers, never in an
 * event of the log and never in a log line.
 *
 * @param userName unique, compared case-folded in NFKC
 * @param externalId the provisioning side's own id
 * @param displayName for people
 * @param userType the provisioning side's own word for the user's kind
 */
public record Person(
        String userName,
        @Nullable String externalId,
        @Nullable String displayName,
        @Nullable String userType) {
    @Override
    public String toString() {
        return "Person[…]";
    }
}
