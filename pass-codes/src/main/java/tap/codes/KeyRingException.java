package tap.codes;

/** A key ring that cannot be used, or lacks a key. The message names the file and says what to do; it shows no key. */
public final class KeyRingException extends RuntimeException {

    KeyRingException(String message) {
        super(message);
    }

    KeyRingException(String message, Throwable cause) {
        super(message, cause);
    }
}
