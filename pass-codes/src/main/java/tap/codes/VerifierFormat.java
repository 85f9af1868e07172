package tap.codes;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The compact form of verifiers, and the pieces that the sealed form shares with it. */
final class VerifierFormat {

    private static final byte VERSION = 1;
    private static final byte KEYED = 1;
    private static final byte STRETCHED = 2;
    private static final int COST_LENGTH = 6;

    private VerifierFormat() {}

    static byte[] encode(Verifier verifier) {
        int length = 2 + keyIdLength(verifier.keyId()) + Verifier.SALT_LENGTH + Verifier.MAC_LENGTH;
        return switch (verifier) {
            case Verifier.Keyed keyed -> {
                ByteBuffer out = ByteBuffer.allocate(length).put(VERSION).put(KEYED);
                putKeyId(out, keyed.keyId());
                yield out.put(keyed.salt().raw()).put(keyed.mac().raw()).array();
            }
            case Verifier.Stretched stretched -> {
                ByteBuffer out =
                        ByteBuffer.allocate(length + COST_LENGTH).put(VERSION).put(STRETCHED);
                putKeyId(out, stretched.keyId());
                yield out.put(stretched.salt().raw())
                        .putInt(stretched.cost().memoryKib())
                        .put((byte) stretched.cost().iterations())
                        .put((byte) stretched.cost().parallelism())
                        .put(stretched.mac().raw())
                        .array();
            }
        };
    }

    static Verifier decode(byte[] encoded) {
        try {
            ByteBuffer in = ByteBuffer.wrap(encoded);
            byte version = in.get();
            if (version != VERSION) {
                throw new UnreadableVerifier("A verifier has the unknown format version " + version + ".");
            }
            byte tier = in.get();
            KeyId keyId = getKeyId(in);
            SecretBytes salt = get(in, Verifier.SALT_LENGTH);
            Verifier verifier = switch (tier) {
                case KEYED -> new Verifier.Keyed(keyId, salt, get(in, Verifier.MAC_LENGTH));
                case STRETCHED -> {
                    Argon2Cost cost = new Argon2Cost(in.getInt(), in.get(), in.get());
                    yield new Verifier.Stretched(keyId, salt, cost, get(in, Verifier.MAC_LENGTH));
                }
                default -> throw new UnreadableVerifier("A verifier has the unknown tier " + tier + ".");
            };
            if (in.hasRemaining()) {
                throw new UnreadableVerifier("A verifier has " + in.remaining() + " bytes too many.");
            }
            return verifier;
        } catch (BufferUnderflowException e) {
            throw new UnreadableVerifier("A verifier is cut off after " + encoded.length + " bytes.", e);
        } catch (IllegalArgumentException e) {
            throw new UnreadableVerifier("A verifier has a value out of range.", e);
        }
    }

    static int keyIdLength(KeyId keyId) {
        return 1 + keyId.value().length();
    }

    static void putKeyId(ByteBuffer out, KeyId keyId) {
        byte[] ascii = keyId.value().getBytes(StandardCharsets.US_ASCII);
        out.put((byte) ascii.length).put(ascii);
    }

    /**
     * @throws BufferUnderflowException if the buffer ends first
     * @throws IllegalArgumentException if what is there is no key id
     */
    static KeyId getKeyId(ByteBuffer in) {
        byte[] ascii = new byte[Byte.toUnsignedInt(in.get())];
        in.get(ascii);
        return new KeyId(new String(ascii, StandardCharsets.ISO_8859_1));
    }

    static SecretBytes get(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return SecretBytes.owning(bytes);
    }
}
