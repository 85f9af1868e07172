package tap.pass.domain;

import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * What policy and directory said of a user's passes at some moment.
 *
 * @param revision which policy; 0 before anybody configured one
 * @param enabled whether it allowed passes at all
 * @param oneTimeOnly whether it allowed one-time passes only
 * @param known whether the directory had the user
 * @param active whether the user could sign in at all
 * @param kind where the user came from, or {@code null}: not known
 * @param groupIds the user's groups, those that these are in included
 * @param included whether the policy's included targets named the user
 * @param excluded whether its excluded targets did
 * @param fenced whether a message about the user or the policy could not be applied, then and until now
 */
public record PolicyAndDirectory(
        long revision,
        boolean enabled,
        boolean oneTimeOnly,
        boolean known,
        boolean active,
        @Nullable String kind,
        List<UUID> groupIds,
        boolean included,
        boolean excluded,
        boolean fenced) {
    private static final String EXTERNAL_GUEST = "externalGuest";

    /** Copies the groups. */
    public PolicyAndDirectory {
        groupIds = List.copyOf(groupIds);
    }

    /** Whether the policy was about the user. */
    public boolean targeted() {
        return included && !excluded;
    }

    /** External guests can have no pass. */
    public boolean externalGuest() {
        return EXTERNAL_GUEST.equals(kind);
    }

    /** As far as usability hangs on it. */
    public UsabilityReason.Terms terms() {
        boolean allowed = enabled && targeted() && active && !externalGuest() && !fenced;
        return new UsabilityReason.Terms(allowed, oneTimeOnly);
    }
}
