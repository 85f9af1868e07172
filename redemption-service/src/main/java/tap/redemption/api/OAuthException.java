package tap.redemption.api;

/** Carries an {@link OAuthError} out of a resource. */
final class OAuthException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient OAuthError error;

    OAuthException(OAuthError error) {
        // no stack trace: an answer, not a fault
        super(error.error(), null, false, false);
        this.error = error;
    }

    OAuthError error() {
        return error;
    }
}
