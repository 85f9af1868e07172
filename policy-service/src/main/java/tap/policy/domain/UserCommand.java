package tap.policy.domain;

/** Everything that can be asked of a user of the directory. */
public sealed interface UserCommand {
    /** Bring a new user into the directory. */
    record ProvisionUser(UserProfile profile) implements UserCommand {}

    /** Take over what the provisioning side now says of a user; a change of name alone is a change too. */
    record ChangeUser(UserProfile profile) implements UserCommand {}

    /** Take a user out of the directory, for good. */
    record RemoveUser() implements UserCommand {}
}
