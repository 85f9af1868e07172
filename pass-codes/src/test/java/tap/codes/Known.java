package tap.codes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;

/** The fixed inputs of the known answers, which were computed with Python's hmac, hashlib and cryptography. */
final class Known {

    static final UUID PASS = UUID.fromString("6f9619ff-8b86-4011-b42d-00c04fc964ff");
    static final byte[] SALT = HexFormat.of().parseHex("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf");
    static final String SHORT_CODE = "7K3M9QXZ";
    static final String STRONG_CODE = "0123456789ABCDEFGHJKMNP";

    private Known() {}

    /** A ring of one key, the bytes from {@code first} upwards. */
    static KeyRing ring(Path folder, String id, int first) {
        writeKey(folder, id, first);
        write(folder.resolve("current"), id + "\n");
        return KeyRing.load(folder);
    }

    static void writeKey(Path folder, String id, int first) {
        byte[] key = new byte[KeyRing.KEY_LENGTH];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (first + i);
        }
        write(folder.resolve(id), Base64.getEncoder().encodeToString(key) + "\n");
    }

    static void write(Path file, String content) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A source of exactly these bytes, then of none. */
    static SecureRandom random(byte[]... chunks) {
        return new Scripted(chunks);
    }

    /** The code of this text: the drawing takes the lowest five bits of each byte. */
    static Code code(String text) {
        byte[] bits = new byte[text.length()];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (byte) "0123456789ABCDEFGHJKMNPQRSTVWXYZ".indexOf(text.charAt(i));
        }
        return Code.draw(bits.length, random(bits));
    }

    private static final class Scripted extends SecureRandom {

        private static final long serialVersionUID = 1L;

        private final byte[][] chunks;
        private int next;

        Scripted(byte[][] chunks) {
            this.chunks = chunks;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            byte[] chunk = chunks[next++];
            System.arraycopy(chunk, 0, bytes, 0, bytes.length);
        }
    }
}
