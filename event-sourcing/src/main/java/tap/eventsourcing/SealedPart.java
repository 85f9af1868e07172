package tap.eventsourcing;

import java.util.Arrays;

/** What may not be public of an event, encrypted or hashed, beside its payload: opaque here, compared by content, never shown. */
public final class SealedPart {
    private final byte[] bytes;

    private SealedPart(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Copies the bytes. */
    public static SealedPart of(byte[] bytes) {
        return new SealedPart(bytes.clone());
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SealedPart part && Arrays.equals(bytes, part.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "sealed(" + bytes.length + " bytes)";
    }
}
