package tap.redemption.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tap.redemption.RedemptionProfile;
import tap.redemption.application.OAuthClients;
import tap.redemption.application.RedemptionServiceConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class ClientAuthenticationTest {
    private static final String SECRET = "secret: with+signs%and 32 characters";
    private static final OAuthClients CLIENTS = OAuthClients.of(Map.of(
            "demo", new Configured("public", Optional.empty()),
            "a:b c", new Configured("confidential", Optional.of(List.of(RedemptionProfile.sha256(SECRET))))));

    private record Configured(String type, Optional<List<String>> secrets) implements RedemptionServiceConfig.Client {
        @Override
        public Optional<String> audience() {
            return Optional.empty();
        }

        @Override
        public List<String> amr() {
            return List.of("otp");
        }

        @Override
        public Optional<Set<String>> scopes() {
            return Optional.empty();
        }
    }

    private static String client(List<String> authorization, String form) {
        return ClientAuthentication.of(authorization, form(form), CLIENTS).id();
    }

    private static OAuthForm form(String form) {
        return OAuthForm.of(OAuthForm.MEDIA_TYPE, form.getBytes(StandardCharsets.US_ASCII));
    }

    private static OAuthError refused(List<String> authorization, String form) {
        return catchThrowableOfType(OAuthException.class, () -> client(authorization, form))
                .error();
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static final String RIGHT = basic("a%3Ab+c:secret%3A+with%2Bsigns%25and+32%20characters");
    private static final String IN_FORM =
            "client_id=a%3Ab+c&client_secret=secret%3A+with%2Bsigns%25and+32%20characters";

    @Test
    void a_public_client_says_its_id() {
        assertThat(client(List.of(), "client_id=demo")).isEqualTo("demo");
        assertThat(client(List.of(), "client_id=demo&client_secret=")).isEqualTo("demo");
    }

    @Test
    void id_and_secret_in_the_header_are_form_urlencoded() {
        assertThat(client(List.of(RIGHT), "")).isEqualTo("a:b c");
        assertThat(client(List.of(RIGHT.replaceFirst("Basic", "BASIC")), "client_id=a%3Ab+c"))
                .isEqualTo("a:b c");
    }

    @Test
    void or_they_are_in_the_form() {
        assertThat(client(List.of(), IN_FORM)).isEqualTo("a:b c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic",
                "Basic !",
                "Basic YQ",
                "Basic /w==",
                "Bearer YTpi",
                "Digest username=\"a\"",
                "Basic YSUwMDpi",
                "Basic JTo=",
                ""
            })
    void a_header_that_is_malformed_is_an_invalid_client(String header) {
        OAuthError error = refused(List.of(header), "client_id=demo");
        assertThat(error.status()).isEqualTo(401);
        assertThat(error.error()).isEqualTo("invalid_client");
        assertThat(error.headers()).containsEntry("WWW-Authenticate", "Basic realm=\"tap\"");
    }

    @Test
    void everything_that_is_no_clients_gets_one_answer() {
        OAuthError unknown = refused(List.of(), "client_id=nobody");
        assertThat(unknown.error()).isEqualTo("invalid_client");
        assertThat(refused(List.of(), "client_id=a%3Ab+c")).isEqualTo(unknown);
        assertThat(refused(List.of(), "client_id=a%3Ab+c&client_secret=wrong")).isEqualTo(unknown);
        assertThat(refused(List.of(), "client_id=nobody&client_secret=wrong")).isEqualTo(unknown);
        assertThat(refused(List.of(), "client_id=demo&client_secret=wrong")).isEqualTo(unknown);
        assertThat(refused(List.of(basic("demo:")), "")).isEqualTo(unknown);
        assertThat(refused(List.of(basic("a:b c:" + SECRET)), "")).isEqualTo(unknown);
    }

    @Test
    void there_is_one_way_at_a_time() {
        for (OAuthError error : List.of(
                refused(List.of(RIGHT), IN_FORM),
                refused(List.of(RIGHT, RIGHT), ""),
                refused(List.of(RIGHT), "client_assertion=x"),
                refused(List.of(), IN_FORM + "&client_assertion_type=x"),
                refused(List.of(RIGHT), "client_id=demo"))) {
            assertThat(error.status()).isEqualTo(400);
            assertThat(error.error()).isEqualTo("invalid_request");
        }
        assertThat(refused(List.of(), "client_id=demo&client_assertion=x").error())
                .isEqualTo("invalid_client");
    }

    @Test
    void without_any_client_the_parameter_is_named() {
        assertThat(refused(List.of(), "")).isEqualTo(OAuthError.invalidRequest("The parameter client_id is missing."));
    }
}
