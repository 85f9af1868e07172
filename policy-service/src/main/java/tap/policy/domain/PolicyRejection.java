package tap.policy.domain;

/** Why a change of the policy is refused. */
public sealed interface PolicyRejection {
    /**
     * A number is outside of what is possible, or of what the other members leave room for.
     *
     * @param property the member to change
     * @param value what it would have been
     * @param least the smallest value it could have
     * @param most the largest
     */
    record OutOfRange(String property, int value, int least, int most) implements PolicyRejection {}

    /**
     * {@link PolicySettings#ALL_USERS} is not a user, and excluding everybody is what disabling is for.
     *
     * @param property the list it stands in
     */
    record AllUsersMisplaced(String property) implements PolicyRejection {}

    /**
     * A target's id is no directory id.
     *
     * @param property the list it stands in
     */
    record TargetIdMalformed(String property) implements PolicyRejection {}
}
