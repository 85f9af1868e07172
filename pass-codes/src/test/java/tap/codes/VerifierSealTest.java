package tap.codes;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class VerifierSealTest {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] NONCE = HexFormat.of().parseHex("505152535455565758595a5b");
    private static final Verifier VERIFIER = new Verifier.Stretched(
            new KeyId("2026-11"),
            SecretBytes.copyOf(Known.SALT),
            Argon2Cost.DEFAULT,
            SecretBytes.copyOf(
                    HexFormat.of().parseHex("76aba97daa8d01011262bd1cbe57259e6f9c71442b33d375ebdd1eb5c564a6a7")));
    private static final String SEALED = "01067365616c2d31" + "505152535455565758595a5b"
            + "b0a2af20011d4120053eaabbcfaa270a7a4be796d25dd5ad0c53d85afc0a2238976defa5ccacb87337f0d15a51948a44"
            + "94cc4b0a58091947b07617958babd3f245ed2b7db7dfc8b1fab181df83612b47";

    @TempDir
    Path folder;

    private VerifierSeal seal;

    @BeforeEach
    void load() {
        seal = new VerifierSeal(Known.ring(folder.resolve("sealing"), "seal-1", 32));
    }

    @Test
    void the_known_answer_comes_out_and_opens() {
        SealedVerifier sealed = seal.seal(VERIFIER, Known.PASS, 7, Known.random(NONCE));
        assertThat(HexFormat.of().formatHex(sealed.encoded())).isEqualTo(SEALED);
        SealedVerifier stored = SealedVerifier.decode(HexFormat.of().parseHex(SEALED));
        assertThat(stored).isEqualTo(sealed);
        assertThat(stored.keyId()).isEqualTo(new KeyId("seal-1"));
        assertThat(seal.open(stored, Known.PASS, 7)).isEqualTo(VERIFIER);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("tap.codes.Seeds#seeds")
    void what_is_sealed_opens_for_its_own_pass_and_version_only(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            Verifier verifier = VerifierTest.verifier(random);
            UUID pass = new UUID(random.nextLong(), random.nextLong());
            long version = random.nextLong(1, Long.MAX_VALUE);
            SealedVerifier sealed = SealedVerifier.decode(
                    seal.seal(verifier, pass, version, RANDOM).encoded());

            assertThat(seal.open(sealed, pass, version)).isEqualTo(verifier);
            assertUnreadable(
                    sealed, new UUID(pass.getMostSignificantBits() ^ 1, pass.getLeastSignificantBits()), version);
            assertUnreadable(
                    sealed, new UUID(pass.getMostSignificantBits(), pass.getLeastSignificantBits() ^ 1), version);
            assertUnreadable(sealed, pass, version - 1);
        }
    }

    @Test
    void any_changed_bit_is_noticed() {
        byte[] good = HexFormat.of().parseHex(SEALED);
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] tampered = good.clone();
            tampered[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> seal.open(SealedVerifier.decode(tampered), Known.PASS, 7))
                    .as("bit %d", bit)
                    // a changed key id is a key that the ring lacks
                    .isInstanceOfAny(UnreadableVerifier.class, KeyRingException.class);
        }
    }

    @Test
    void any_cut_or_addition_is_noticed() {
        byte[] good = HexFormat.of().parseHex(SEALED);
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> seal.open(SealedVerifier.decode(cut), Known.PASS, 7))
                    .as("%d bytes", length)
                    .isInstanceOf(UnreadableVerifier.class);
        }
        byte[] longer = Arrays.copyOf(good, good.length + 1);
        assertThatThrownBy(() -> seal.open(SealedVerifier.decode(longer), Known.PASS, 7))
                .isInstanceOf(UnreadableVerifier.class);
    }

    @Test
    void an_old_key_still_opens_after_a_rotation_and_a_removed_one_is_named() {
        SealedVerifier old = seal.seal(VERIFIER, Known.PASS, 7, RANDOM);
        Known.writeKey(folder.resolve("sealing"), "seal-2", 64);
        Known.write(folder.resolve("sealing/current"), "seal-2");
        VerifierSeal rotated = new VerifierSeal(KeyRing.load(folder.resolve("sealing")));

        assertThat(rotated.open(old, Known.PASS, 7)).isEqualTo(VERIFIER);
        assertThat(rotated.seal(VERIFIER, Known.PASS, 8, RANDOM).keyId()).isEqualTo(new KeyId("seal-2"));

        VerifierSeal without = new VerifierSeal(Known.ring(folder.resolve("new"), "seal-2", 64));
        assertThatThrownBy(() -> without.open(old, Known.PASS, 7))
                .isInstanceOf(KeyRingException.class)
                .hasMessageContaining("lacks [seal-1]");
    }

    @Test
    void another_key_of_the_same_name_does_not_open_it() {
        VerifierSeal other = new VerifierSeal(Known.ring(folder.resolve("other"), "seal-1", 33));
        SealedVerifier sealed = seal.seal(VERIFIER, Known.PASS, 7, RANDOM);
        assertThatThrownBy(() -> other.open(sealed, Known.PASS, 7))
                .isInstanceOf(UnreadableVerifier.class)
                .hasMessageContaining(Known.PASS + " at version 7");
    }

    @Test
    void a_nonce_is_never_used_twice() {
        Set<SecretBytes> nonces = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            nonces.add(seal.seal(VERIFIER, Known.PASS, 7, RANDOM).nonce());
        }
        assertThat(nonces).hasSize(1_000);
    }

    @Test
    void printing_hides_the_ciphertext() {
        assertThat(SealedVerifier.decode(HexFormat.of().parseHex(SEALED)))
                .hasToString("SealedVerifier[keyId=seal-1, nonce=12 hidden bytes, ciphertext=80 hidden bytes]");
    }

    private void assertUnreadable(SealedVerifier sealed, UUID pass, long version) {
        assertThatThrownBy(() -> seal.open(sealed, pass, version)).isInstanceOf(UnreadableVerifier.class);
    }
}
