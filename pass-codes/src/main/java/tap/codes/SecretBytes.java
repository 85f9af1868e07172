package tap.codes;

import java.security.MessageDigest;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/** Bytes that nobody may change, print or compare in varying time. */
public final class SecretBytes {

    private final byte[] bytes;

    private SecretBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of the given bytes. */
    public static SecretBytes copyOf(byte[] bytes) {
        return new SecretBytes(bytes.clone());
    }

    /** The given bytes themselves, for callers that give them away. */
    static SecretBytes owning(byte[] bytes) {
        return new SecretBytes(bytes);
    }

    /** Length in bytes. */
    public int length() {
        return bytes.length;
    }

    /** A copy. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /** The bytes themselves, not a copy. */
    byte[] raw() {
        return bytes;
    }

    /** Equal content, in time that depends on the lengths alone. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SecretBytes that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " hidden bytes";
    }
}
