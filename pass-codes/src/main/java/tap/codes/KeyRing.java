package tap.codes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys of 256 bits from a folder of mounted secrets: one file a key, named by the key's id, with 32 bytes in Base64, and the
 * file {@code current} with the id of the key for what is new. Read once, at start: a rotation adds a file, points
 * {@code current} at it and restarts; the old key may go when nothing names it any more.
 */
public final class KeyRing {

    /** Bytes of every key. */
    public static final int KEY_LENGTH = 32;

    // far more than 32 bytes in Base64 take, far less than would hurt
    private static final int MOST_FILE_BYTES = 1_024;

    private final Path folder;
    private final Map<KeyId, Key> keys;
    private final Key current;

    private KeyRing(Path folder, Map<KeyId, Key> keys, Key current) {
        this.folder = folder;
        this.keys = keys;
        this.current = current;
    }

    /**
     * Reads a folder. Files whose names begin with a dot are left alone: Kubernetes puts its own there.
     *
     * @throws KeyRingException if the folder, a key in it or the choice of the current one is not usable
     */
    public static KeyRing load(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new KeyRingException(
                    "There is no key folder " + folder + ". Mount the secret there, with one file a key (" + KEY_LENGTH
                            + " random bytes in Base64) and a file 'current' that names the key for new verifiers.");
        }
        Map<KeyId, Key> keys = new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (!name.startsWith(".") && !name.equals(KeyId.RESERVED)) {
                    Key key = readKey(file, name);
                    keys.put(key.id(), key);
                }
            }
        } catch (IOException e) {
            throw new KeyRingException("The key folder " + folder + " cannot be read: " + e.getMessage(), e);
        }
        Path currentFile = folder.resolve(KeyId.RESERVED);
        if (!Files.exists(currentFile)) {
            throw new KeyRingException(
                    "There is no file " + currentFile + ". Write the id of the key for new verifiers into it"
                            + (keys.isEmpty() ? "." : ", one of " + keys.keySet() + "."));
        }
        String named = read(currentFile);
        Key current = KeyId.isValid(named) ? keys.get(new KeyId(named)) : null;
        if (current == null) {
            // what the file says is not repeated: it could be a key that was put there by mistake
            throw new KeyRingException(currentFile + " names no key of this folder, which has " + keys.keySet()
                    + ". Write one of these ids into it, or add the file of the key it names.");
        }
        return new KeyRing(folder, keys, current);
    }

    /** The key for what is new. */
    Key current() {
        return current;
    }

    /**
     * The key of this id.
     *
     * @throws KeyRingException if the ring has none
     */
    Key key(KeyId id) {
        Key key = keys.get(id);
        if (key == null) {
            throw lacking(new TreeSet<>(List.of(id.value())));
        }
        return key;
    }

    /** The id of the key for what is new. */
    public KeyId currentId() {
        return current.id();
    }

    /** Whether the ring has this key. */
    public boolean has(KeyId id) {
        return keys.containsKey(id);
    }

    /**
     * The check at start: what still names a key must find it.
     *
     * @param needed the ids that open and pending passes name
     * @throws KeyRingException naming every missing key and where its file belongs
     */
    public void requireAll(Collection<KeyId> needed) {
        SortedSet<String> missing = new TreeSet<>();
        for (KeyId id : needed) {
            if (!has(id)) {
                missing.add(id.value());
            }
        }
        if (!missing.isEmpty()) {
            throw lacking(missing);
        }
    }

    /** The folder and the ids; never a key. */
    @Override
    public String toString() {
        return "KeyRing[" + folder + ", keys " + keys.keySet() + ", current " + current.id() + "]";
    }

    private KeyRingException lacking(SortedSet<String> missing) {
        return new KeyRingException(
                "The key folder " + folder + " lacks " + missing + ", which stored passes still need."
                        + " Put the files back: a key may go only when no open or pending pass names it.");
    }

    private static Key readKey(Path file, String name) {
        if (!KeyId.isValid(name)) {
            throw new KeyRingException(file + " cannot be a key: the name of a key has 1 to 64 letters, digits, dots,"
                    + " underscores or hyphens. Rename the file or remove it.");
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(read(file));
        } catch (IllegalArgumentException e) {
            // without the cause, whose message quotes from the file
            throw unusable(file, "is not Base64");
        }
        if (bytes.length != KEY_LENGTH) {
            throw unusable(file, "has " + bytes.length + " bytes");
        }
        return new Key(new KeyId(name), SecretBytes.owning(bytes));
    }

    private static KeyRingException unusable(Path file, String why) {
        return new KeyRingException("The key " + file + " " + why + ". A key is " + KEY_LENGTH
                + " random bytes in Base64, for example from: openssl rand -base64 " + KEY_LENGTH);
    }

    private static String read(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new KeyRingException(file + " is not a file. Remove it from the key folder.");
            }
            if (Files.size(file) > MOST_FILE_BYTES) {
                throw new KeyRingException(file + " is larger than " + MOST_FILE_BYTES + " bytes and so is no key.");
            }
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            throw new KeyRingException(file + " cannot be read (" + e + "). Make it readable for this service.", e);
        }
    }

    /** One key of the ring. */
    record Key(KeyId id, SecretBytes bytes) {

        SecretKey forHmac() {
            return new SecretKeySpec(bytes.raw(), "HmacSHA256");
        }

        SecretKey forAes() {
            return new SecretKeySpec(bytes.raw(), "AES");
        }
    }
}
