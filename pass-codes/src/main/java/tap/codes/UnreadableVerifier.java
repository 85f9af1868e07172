package tap.codes;

/** Bytes that are no verifier or no sealed one: damaged, tampered with, moved to another pass, or of a newer format. */
public final class UnreadableVerifier extends RuntimeException {

    UnreadableVerifier(String message) {
        super(message);
    }

    UnreadableVerifier(String message, Throwable cause) {
        super(message, cause);
    }
}
