package tap.redemption.api;

import org.jspecify.annotations.Nullable;

/**
 * A request to the token endpoint with the extension grant of temporary access passes (RFC 6749 §4.5).
 *
 * @param username a user's id or user name
 * @param code what was submitted as the code
 * @param scope what is asked for, or {@code null}
 */
record TokenRequest(String username, String code, @Nullable String scope) {
    static final String GRANT_TYPE = "urn:tap:grant-type:temporary-access-pass";

    /**
     * Reads a form.
     *
     * @throws OAuthException saying what is wrong; it looks at the form alone, never at users or passes
     */
    static TokenRequest of(OAuthForm form) {
        if (!form.required("grant_type").equals(GRANT_TYPE)) {
            throw OAuthError.unsupportedGrantType(GRANT_TYPE).exception();
        }
        return new TokenRequest(
                form.required("username"), form.required("temporary_access_pass"), form.optional("scope"));
    }

    @Override
    public String toString() {
        return "TokenRequest[hidden]";
    }
}
