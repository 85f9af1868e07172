package tap.localstack.infrastructure;

/** What the person at the keyboard can act on: the message is one line that says what is wrong and what to do. */
public final class LocalStackException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A refusal without an underlying fault. */
    public LocalStackException(String message) {
        super(message);
    }

    /** A refusal caused by a fault. */
    public LocalStackException(String message, Throwable cause) {
        super(message, cause);
    }
}
