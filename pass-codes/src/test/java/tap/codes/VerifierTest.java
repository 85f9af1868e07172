package tap.codes;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class VerifierTest {

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("tap.codes.Seeds#seeds")
    void what_is_encoded_decodes_to_itself(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 1_000; round++) {
            Verifier verifier = verifier(random);
            assertThat(Verifier.decode(verifier.encoded())).isEqualTo(verifier);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("tap.codes.Seeds#seeds")
    void damaged_bytes_are_unreadable_or_another_verifier_and_nothing_else(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            Verifier verifier = verifier(random);
            byte[] damaged = verifier.encoded();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
            try {
                assertThat(Verifier.decode(damaged)).isNotEqualTo(verifier);
            } catch (UnreadableVerifier e) {
                assertThat(e).hasMessageStartingWith("A verifier ");
            }
        }
    }

    @Test
    void bytes_cut_off_anywhere_or_too_many_are_unreadable() {
        byte[] encoded = verifier(new Random(1)).encoded();
        for (int length = 0; length < encoded.length; length++) {
            byte[] cut = Arrays.copyOf(encoded, length);
            assertThatThrownBy(() -> Verifier.decode(cut))
                    .isInstanceOf(UnreadableVerifier.class)
                    .hasMessageContaining("cut off after " + length + " bytes");
        }
        assertThatThrownBy(() -> Verifier.decode(Arrays.copyOf(encoded, encoded.length + 1)))
                .isInstanceOf(UnreadableVerifier.class)
                .hasMessage("A verifier has 1 bytes too many.");
    }

    @Test
    void an_unknown_version_or_tier_is_named() {
        byte[] newer = verifier(new Random(1)).encoded();
        newer[0] = 2;
        assertThatThrownBy(() -> Verifier.decode(newer)).hasMessage("A verifier has the unknown format version 2.");
        newer[0] = 1;
        newer[1] = 3;
        assertThatThrownBy(() -> Verifier.decode(newer)).hasMessage("A verifier has the unknown tier 3.");
    }

    @Test
    void wrong_lengths_of_salt_and_hmac_are_refused() {
        SecretBytes salt = SecretBytes.copyOf(new byte[16]);
        SecretBytes mac = SecretBytes.copyOf(new byte[32]);
        assertThatThrownBy(() -> new Verifier.Keyed(new KeyId("k"), mac, mac)).hasMessageContaining("not 32 and 32");
        assertThatThrownBy(() -> new Verifier.Stretched(new KeyId("k"), salt, Argon2Cost.DEFAULT, salt))
                .hasMessageContaining("not 16 and 16");
    }

    @Test
    void printing_hides_salt_and_hmac() {
        Verifier verifier = verifier(new Random(1));
        assertThat(verifier.toString())
                .contains("16 hidden bytes", "32 hidden bytes")
                .doesNotContain(
                        HexFormat.of().formatHex(verifier.mac().toByteArray()).substring(0, 6));
    }

    @Test
    void secret_bytes_cannot_be_changed_from_outside() {
        byte[] given = {1, 2, 3};
        SecretBytes kept = SecretBytes.copyOf(given);
        given[0] = 9;
        kept.toByteArray()[1] = 9;
        assertThat(kept.toByteArray()).containsExactly(1, 2, 3);
        assertThat(kept)
                .isEqualTo(SecretBytes.copyOf(new byte[] {1, 2, 3}))
                .hasSameHashCodeAs(SecretBytes.copyOf(new byte[] {1, 2, 3}))
                .isNotEqualTo(SecretBytes.copyOf(new byte[] {1, 2, 4}))
                .isNotEqualTo(SecretBytes.copyOf(new byte[] {1, 2}))
                .hasToString("3 hidden bytes");
    }

    static Verifier verifier(Random random) {
        byte[] salt = new byte[16];
        byte[] mac = new byte[32];
        random.nextBytes(salt);
        random.nextBytes(mac);
        KeyId keyId = new KeyId("k".repeat(random.nextInt(1, 65)));
        return random.nextBoolean()
                ? new Verifier.Keyed(keyId, SecretBytes.copyOf(salt), SecretBytes.copyOf(mac))
                : new Verifier.Stretched(
                        keyId,
                        SecretBytes.copyOf(salt),
                        new Argon2Cost(random.nextInt(128, 262_145), random.nextInt(1, 65), random.nextInt(1, 17)),
                        SecretBytes.copyOf(mac));
    }
}
