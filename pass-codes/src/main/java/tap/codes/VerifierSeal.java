package tap.codes;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals verifiers with AES-256-GCM for storage and for the wire. Associated data are the pass id and the version, in its
 * stream, of the event that carries the seal: nobody can move a verifier to another pass or an old one to a new event.
 *
 * <p>Nonces are random: NIST SP 800-38D §8.3 allows 2^32 of them for one key.
 */
public final class VerifierSeal {

    private static final int NONCE_LENGTH = 12;
    private static final int TAG_BITS = 128;

    private final KeyRing keys;

    /** @param keys new seals are made with its current key */
    public VerifierSeal(KeyRing keys) {
        this.keys = keys;
    }

    /** @param version the version of the carrying event in its stream */
    public SealedVerifier seal(Verifier verifier, UUID passId, long version, SecureRandom random) {
        KeyRing.Key key = keys.current();
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        byte[] clear = verifier.encoded();
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, passId, version);
            return new SealedVerifier(key.id(), SecretBytes.owning(nonce), SecretBytes.owning(cipher.doFinal(clear)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime lacks AES-256-GCM.", e);
        } finally {
            Arrays.fill(clear, (byte) 0);
        }
    }

    /**
     * Opens a seal.
     *
     * @throws UnreadableVerifier if anything was changed, or the pass or the version is not the one it was sealed for
     * @throws KeyRingException if the ring lacks the key
     */
    public Verifier open(SealedVerifier sealed, UUID passId, long version) {
        KeyRing.Key key = keys.key(sealed.keyId());
        byte[] clear = new byte[0];
        try {
            clear = cipher(Cipher.DECRYPT_MODE, key, sealed.nonce().raw(), passId, version)
                    .doFinal(sealed.ciphertext().raw());
            return Verifier.decode(clear);
        } catch (AEADBadTagException e) {
            throw new UnreadableVerifier(
                    "The sealed verifier does not belong to pass " + passId + " at version " + version
                            + ", or it was changed, or key '" + key.id() + "' is not the one that sealed it.",
                    e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime lacks AES-256-GCM.", e);
        } finally {
            Arrays.fill(clear, (byte) 0);
        }
    }

    private static Cipher cipher(int mode, KeyRing.Key key, byte[] nonce, UUID passId, long version)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key.forAes(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(ByteBuffer.allocate(24)
                .putLong(passId.getMostSignificantBits())
                .putLong(passId.getLeastSignificantBits())
                .putLong(version)
                .array());
        return cipher;
    }
}
