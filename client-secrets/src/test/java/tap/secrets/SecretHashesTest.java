package tap.secrets;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SecretHashesTest {
    private static final String KEY = "tap.clients.one.secrets";
    private static final String FIRST = "f".repeat(PresentedSecret.SHORTEST);
    private static final String SECOND = "s".repeat(PresentedSecret.LONGEST);

    private static boolean include(SecretHashes hashes, String secret) {
        return hashes.include(PresentedSecret.of(secret));
    }

    @Test
    void each_of_them_is_one_and_nothing_else_is() throws Exception {
        SecretHashes hashes = SecretHashes.of(KEY, List.of(sha256(FIRST), sha256(SECOND)));
        assertThat(include(hashes, FIRST)).isTrue();
        assertThat(include(hashes, SECOND)).isTrue();
        assertThat(include(hashes, FIRST.toUpperCase(Locale.ROOT))).isFalse();
        assertThat(include(hashes, sha256(FIRST))).isFalse();
    }

    @Test
    void nobody_has_a_secret() {
        assertThat(include(SecretHashes.OF_NOBODY, FIRST)).isFalse();
        assertThat(include(SecretHashes.of(KEY, List.of()), FIRST)).isFalse();
    }

    @Test
    void a_hash_is_taken_in_either_case() throws Exception {
        assertThat(include(SecretHashes.of(KEY, List.of(" " + sha256(FIRST).toUpperCase(Locale.ROOT) + " ")), FIRST))
                .isTrue();
    }

    @Test
    void a_secret_that_is_short_or_endless_is_none() throws Exception {
        String shorter = FIRST.substring(1);
        String longer = SECOND + "s";
        SecretHashes hashes = SecretHashes.of(KEY, List.of(sha256(shorter), sha256(longer), sha256("")));
        assertThat(include(hashes, shorter)).isFalse();
        assertThat(include(hashes, longer)).isFalse();
        assertThat(include(hashes, "")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"the-secret-itself-in-the-wrong-place", "abc", "00", "zz", ""})
    void what_is_no_hash_is_named_by_its_key_and_not_quoted(String value) {
        assertThatThrownBy(() -> SecretHashes.of(KEY, List.of(value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .hasMessage("tap.clients.one.secrets: expected the SHA-256 of a secret, 64 hexadecimal digits");
    }

    @Test
    void neither_shows_what_it_holds() throws Exception {
        assertThat(PresentedSecret.of(FIRST)).hasToString("PresentedSecret[hidden]");
        assertThat(SecretHashes.of(KEY, List.of(sha256(FIRST)))).hasToString("SecretHashes[1]");
    }

    private static String sha256(String secret) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
    }
}
