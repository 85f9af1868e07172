package tap.codes;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * A verifier under its seal, as it is stored beside an event and sent in its header; {@link VerifierSeal} makes and opens it.
 *
 * @param keyId the sealing key
 * @param nonce 12 bytes
 * @param ciphertext with the tag of 16 bytes at its end
 */
public record SealedVerifier(KeyId keyId, SecretBytes nonce, SecretBytes ciphertext) {

    private static final byte VERSION = 1;
    private static final int NONCE_LENGTH = 12;
    private static final int TAG_LENGTH = 16;

    /** @throws IllegalArgumentException if the nonce or the ciphertext cannot be of that form */
    public SealedVerifier {
        if (nonce.length() != NONCE_LENGTH || ciphertext.length() <= TAG_LENGTH) {
            throw new IllegalArgumentException("A sealed verifier has a nonce of " + NONCE_LENGTH
                    + " bytes and a ciphertext of more than " + TAG_LENGTH + ", not " + nonce.length() + " and "
                    + ciphertext.length() + ".");
        }
    }

    /** Its compact form (see {@link #decode}). */
    public byte[] encoded() {
        ByteBuffer out =
                ByteBuffer.allocate(1 + VerifierFormat.keyIdLength(keyId) + nonce.length() + ciphertext.length());
        out.put(VERSION);
        VerifierFormat.putKeyId(out, keyId);
        return out.put(nonce.raw()).put(ciphertext.raw()).array();
    }

    /**
     * Reads the compact form: version 1, key id with its length (1 byte) in front, nonce, ciphertext with tag. The key id is
     * readable without a key, in SQL as {@code substring(sealed FROM 3 FOR get_byte(sealed, 1))}.
     *
     * @throws UnreadableVerifier if the bytes are not of that form
     */
    public static SealedVerifier decode(byte[] encoded) {
        try {
            ByteBuffer in = ByteBuffer.wrap(encoded);
            byte version = in.get();
            if (version != VERSION) {
                throw new UnreadableVerifier("A sealed verifier has the unknown format version " + version + ".");
            }
            KeyId keyId = VerifierFormat.getKeyId(in);
            SecretBytes nonce = VerifierFormat.get(in, NONCE_LENGTH);
            return new SealedVerifier(keyId, nonce, VerifierFormat.get(in, in.remaining()));
        } catch (BufferUnderflowException e) {
            throw new UnreadableVerifier("A sealed verifier is cut off after " + encoded.length + " bytes.", e);
        } catch (IllegalArgumentException e) {
            throw new UnreadableVerifier("A sealed verifier has a value out of range.", e);
        }
    }
}
