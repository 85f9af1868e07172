package tap.policy.domain;

/** What a user is to the tenant: external guests can have no pass, internal ones can. */
public enum UserKind {
    /** One of ours. */
    MEMBER,
    /** A guest whose account is ours. */
    INTERNAL_GUEST,
    /** A guest whose account is elsewhere. */
    EXTERNAL_GUEST
}
