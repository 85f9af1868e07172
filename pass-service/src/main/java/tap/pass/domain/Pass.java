package tap.pass.domain;

import java.time.Instant;

/** The pass of a user. Whether it is spent, expired or locked is the allowance's to know, in redemption-service. */
public sealed interface Pass {

    /** The user never had one. */
    record NeverIssued() implements Pass {}

    /**
     * The user has one.
     *
     * @param pass as it was issued
     */
    record Issued(IssuedPass pass) implements Pass {}

    /**
     * The user had one that was taken back. It is still shown until redemption-service has let go of it.
     *
     * @param pass as it was issued
     * @param reason why it was taken back
     * @param revokedAt when
     */
    record Revoked(IssuedPass pass, RevocationReason reason, Instant revokedAt) implements Pass {}
}
