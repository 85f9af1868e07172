package tap.codes;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;

import javax.crypto.Mac;

/**
 * Stands in for names that may not be kept: {@code HMAC-SHA-256(current pepper, "name" ‖ text)}. The same text has the same
 * pseudonym until the current pepper changes, and nobody without the pepper can test a guess against it.
 */
public final class Pseudonyms {

    // as long as the purpose that verifiers begin with, and different from it: no pseudonym is ever a verifier
    private static final byte[] PURPOSE = "name".getBytes(StandardCharsets.US_ASCII);

    private final KeyRing peppers;

    /** @param peppers the ring whose current key makes the pseudonyms */
    public Pseudonyms(KeyRing peppers) {
        this.peppers = peppers;
    }

    /** The pseudonym of a text: 64 hexadecimal digits. */
    public String of(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(peppers.current().forHmac());
            mac.update(PURPOSE);
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime lacks HMAC-SHA-256.", e);
        }
    }
}
