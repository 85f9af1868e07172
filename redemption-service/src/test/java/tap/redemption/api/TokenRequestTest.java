package tap.redemption.api;

import java.nio.charset.StandardCharsets;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class TokenRequestTest {
    private static final String RIGHT =
            "grant_type=urn%3Atap%3Agrant-type%3Atemporary-access-pass&username=ada%40example.com"
                    + "&temporary_access_pass=7K3M+9QXZ&client_id=demo";

    private static OAuthForm form(String contentType, byte[] body) {
        return OAuthForm.of(contentType, body);
    }

    private static TokenRequest read(String body) {
        return TokenRequest.of(form(OAuthForm.MEDIA_TYPE, body.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static OAuthError refused(String body) {
        return catchThrowableOfType(OAuthException.class, () -> read(body)).error();
    }

    @Test
    void a_form_is_read() {
        assertThat(read(RIGHT)).isEqualTo(new TokenRequest("ada@example.com", "7K3M 9QXZ", null));
        assertThat(read(RIGHT + "&scope=enrol+profile").scope()).isEqualTo("enrol profile");
    }

    @Test
    void a_media_type_may_have_parameters_and_capitals() {
        assertThat(form("Application/X-WWW-Form-Urlencoded; charset=UTF-8", RIGHT.getBytes(StandardCharsets.US_ASCII)))
                .isNotNull();
    }

    @Test
    void unknown_parameters_are_ignored_and_empty_ones_count_as_left_out() {
        assertThat(read(RIGHT + "&resource=x&resource=y&scope=").scope()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"grant_type", "username", "temporary_access_pass"})
    void a_missing_parameter_is_named(String name) {
        String without = RIGHT.replaceFirst(name + "=[^&]*", "other=1");
        assertThat(refused(without)).isEqualTo(OAuthError.invalidRequest("The parameter " + name + " is missing."));
        String empty = RIGHT.replaceFirst(name + "=[^&]*", name + "=");
        assertThat(refused(empty)).isEqualTo(OAuthError.invalidRequest("The parameter " + name + " is missing."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"grant_type", "username", "temporary_access_pass", "client_id", "scope"})
    void a_repeated_parameter_is_refused(String name) {
        assertThat(refused(RIGHT + "&scope=a&" + name + "=b").error()).isEqualTo("invalid_request");
    }

    @ParameterizedTest
    @CsvSource({"%", "%4", "%zz", "%00", "%0A", "%C2%85"})
    void what_is_no_text_is_refused(String value) {
        assertThat(refused(RIGHT + "&scope=" + value).error()).isEqualTo("invalid_request");
    }

    @Test
    void bytes_that_are_no_utf_8_are_refused() {
        assertThat(refused(RIGHT + "&scope=\u00ff").error()).isEqualTo("invalid_request");
    }

    @Test
    void another_grant_is_not_supported() {
        assertThat(refused("grant_type=password&username=a&password=b").error()).isEqualTo("unsupported_grant_type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain", "", "multipart/form-data; boundary=x"})
    void another_content_type_is_refused(String type) {
        OAuthError error = catchThrowableOfType(
                        OAuthException.class, () -> form(type, RIGHT.getBytes(StandardCharsets.US_ASCII)))
                .error();
        assertThat(error)
                .isEqualTo(OAuthError.invalidRequest("The content type must be application/x-www-form-urlencoded."));
    }

    @Test
    void any_bytes_are_answered_or_read_but_nothing_else_happens() {
        long seed = Long.getLong("tap.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] body = new byte[random.nextInt(64)];
            random.nextBytes(body);
            try {
                assertThat(TokenRequest.of(form(OAuthForm.MEDIA_TYPE, body))).isNotNull();
            } catch (OAuthException answered) {
                assertThat(answered.error().status()).as("seed " + seed).isEqualTo(400);
            }
        }
    }

    @Test
    void a_request_hides_its_code() {
        assertThat(read(RIGHT)).hasToString("TokenRequest[hidden]");
    }
}
