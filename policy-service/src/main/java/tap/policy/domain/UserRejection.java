package tap.policy.domain;

/** Why a user stays as it is. */
public enum UserRejection {
    /** The id is taken, by a user of now or of before. */
    ALREADY_KNOWN,
    /** Nobody has this id, or nobody has it any more. */
    NOT_IN_DIRECTORY,
    /** The user would be a direct member of more than {@value Membership#MOST_GROUPS} groups. */
    TOO_MANY_GROUPS
}
