package tap.policy.domain;

/** Why a group stays as it is. */
public enum GroupRejection {
    /** The id is taken, by a group of now or of before. */
    ALREADY_KNOWN,
    /** No group has this id, or none has it any more. */
    NOT_IN_DIRECTORY,
    /** The group would be a member of itself, directly or through others. */
    CYCLE,
    /** Groups would be nested in more than {@value GroupDecider#MOST_LEVELS} levels. */
    TOO_DEEP,
    /** The group would be a direct member of more than {@value Membership#MOST_GROUPS} groups. */
    TOO_MANY_GROUPS
}
