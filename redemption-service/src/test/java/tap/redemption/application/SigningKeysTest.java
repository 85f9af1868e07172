package tap.redemption.application;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tap.redemption.domain.Passes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SigningKeysTest {
    @TempDir
    Path folder;

    private void key(String kid, String algorithm, int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        PrivateKey key = generator.generateKeyPair().getPrivate();
        write(
                kid + ".pem",
                "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
    }

    private void write(String file, String content) throws IOException {
        Files.writeString(folder.resolve(file), content);
    }

    private static JsonWebSignature verified(SigningKeys keys, String jwt) throws Exception {
        JsonWebSignature token = new JsonWebSignature();
        token.setCompactSerialization(jwt);
        Map<String, Object> published = keys.published().stream()
                .filter(jwk -> token.getKeyIdHeaderValue().equals(jwk.get("kid")))
                .findFirst()
                .orElseThrow();
        token.setKey(JsonWebKey.Factory.newJwk(published).getKey());
        assertThat(token.verifySignature()).isTrue();
        return token;
    }

    @Test
    void the_current_key_signs_and_selects_the_algorithm() throws Exception {
        key("one", "EC", 256);
        key("two", "RSA", 2_048);
        write("current", "one\n");
        SigningKeys es256 = SigningKeys.load(folder);
        assertThat(verified(es256, es256.sign("at+jwt", "{}")).getAlgorithmHeaderValue())
                .isEqualTo("ES256");
        write("current", "two");
        SigningKeys rs256 = SigningKeys.load(folder);
        assertThat(verified(rs256, rs256.sign("at+jwt", "{}")).getAlgorithmHeaderValue())
                .isEqualTo("RS256");
    }

    @Test
    void all_keys_are_published_without_their_private_halves() throws Exception {
        key("one", "EC", 256);
        key("two", "RSA", 2_048);
        write("current", "one");
        List<Map<String, Object>> published = SigningKeys.load(folder).published();
        assertThat(published).extracting(jwk -> jwk.get("kid")).containsExactly("one", "two");
        assertThat(published).allSatisfy(jwk -> assertThat(jwk).doesNotContainKeys("d", "p", "q", "dp", "dq", "qi"));
    }

    @Test
    void only_what_these_keys_have_signed_is_verified() throws Exception {
        key("one", "EC", 256);
        key("two", "RSA", 2_048);
        write("current", "one");
        SigningKeys keys = SigningKeys.load(folder);
        String token = keys.sign("at+jwt", "{\"a\":1}");
        assertThat(keys.verified("at+jwt", token)).contains("{\"a\":1}");
        assertThat(keys.verified("jwt", token)).isEmpty();
        String[] parts = token.split("\\.", -1);
        assertThat(keys.verified("at+jwt", parts[0] + "." + encoded("{\"a\":2}") + "." + parts[2]))
                .isEmpty();
        key("one", "EC", 256);
        assertThat(SigningKeys.load(folder).verified("at+jwt", token)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a.b",
                "a.b.c.d",
                "a b.c.d",
                "{}.{}.x",
                "\u0000",
                "null",
                "[]",
                "{\"kid\":1}",
                "{\"kid\":null}",
                "{\"kid\":[\"one\"],\"alg\":\"ES256\"}",
                "{\"kid\":\"one\",\"alg\":\"none\",\"typ\":\"at+jwt\"}",
                "{\"kid\":\"one\",\"alg\":\"HS256\",\"typ\":\"at+jwt\"}",
                "{\"kid\":\"one\",\"alg\":{\"a\":1},\"typ\":\"at+jwt\"}",
                "{\"kid\":\"one\",\"alg\":\"ES256\",\"typ\":7}",
                "{\"kid\":\"one\",\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"crit\":7}",
                "{\"kid\":\"one\",\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"crit\":[7]}",
                "{\"kid\":\"one\",\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"crit\":[\"b64\"],\"b64\":\"x\"}",
                "{\"kid\":\"one\",\"alg\":\"ES256\",\"typ\":\"at+jwt\"}",
                "{\"kid\":\"one\",\"kid\":\"two\"}",
                "{"
            })
    void any_other_text_is_nothing(String text) throws Exception {
        key("one", "EC", 256);
        write("current", "one");
        SigningKeys keys = SigningKeys.load(folder);
        assertThat(keys.verified("at+jwt", text)).isEmpty();
        for (String signature : List.of("", "AAAA", "A".repeat(86))) {
            assertThat(keys.verified("at+jwt", encoded(text) + "." + encoded("{}") + "." + signature))
                    .isEmpty();
        }
    }

    @Test
    void a_header_of_any_depth_is_nothing() throws Exception {
        key("one", "EC", 256);
        write("current", "one");
        assertThat(SigningKeys.load(folder)
                        .verified("at+jwt", encoded("{\"a\":" + "[".repeat(9_000)) + "." + encoded("{}") + ".AAAA"))
                .isEmpty();
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void every_fault_names_its_file() throws Exception {
        assertThatThrownBy(() -> SigningKeys.load(folder.resolve("none"))).hasMessageContaining("none");
        assertThatThrownBy(() -> SigningKeys.load(folder)).hasMessageContaining("current");
        key("one", "EC", 256);
        write("current", "other");
        assertThatThrownBy(() -> SigningKeys.load(folder)).hasMessageContaining("[one]");
        key("weak", "RSA", 1_024);
        assertThatThrownBy(() -> SigningKeys.load(folder)).hasMessageContaining("weak.pem");
        write("weak.pem", "secret in the wrong place");
        assertThatThrownBy(() -> SigningKeys.load(folder))
                .hasMessageContaining("weak.pem")
                .hasMessageNotContaining("secret");
        Files.delete(folder.resolve("weak.pem"));
        key("curve", "EC", 384);
        assertThatThrownBy(() -> SigningKeys.load(folder)).hasMessageContaining("curve.pem");
    }

    @Test
    void no_token_outlives_its_pass() throws Exception {
        key("one", "EC", 256);
        write("current", "one");
        SigningKeys keys = SigningKeys.load(folder);
        AccessTokens tokens = new AccessTokens(keys, URI.create("https://tap.example"), Duration.ofMinutes(10));
        OAuthClient client = new OAuthClient("demo", Optional.empty(), Optional.empty(), List.of("otp"), Set.of());
        Instant late = Passes.END.minusMillis(2_500);
        AccessTokens.AccessToken token =
                tokens.mint(new Redemption.Redeemed(Passes.unlimited(), UUID.randomUUID(), late, late), client, null);
        assertThat(token.expiresIn()).isEqualTo(3);
        assertThat(JwtClaims.parse(verified(keys, token.jwt()).getPayload())
                        .getExpirationTime()
                        .getValue())
                .isEqualTo(Passes.END.getEpochSecond());
    }
}
