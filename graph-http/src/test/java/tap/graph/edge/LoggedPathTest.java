package tap.graph.edge;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class LoggedPathTest {
    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/v1.0/policies/authenticationMethodsPolicy, /v1.0/policies/authenticationMethodsPolicy",
        "/beta/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass,"
                + "/beta/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass",
        "/v1.0/users/6e4b1c4e-8a86-4b57-9f6a-1f2f3a4b5c6d/authentication/temporaryAccessPassMethods/$count,"
                + "/v1.0/users/6e4b1c4e-8a86-4b57-9f6a-1f2f3a4b5c6d/authentication/temporaryAccessPassMethods/$count",
        "/v1.0/users/adele@contoso.com/authentication/methods, /v1.0/users/*/authentication/methods",
        "/v1.0/users/adele/authentication, /v1.0/users/*/authentication",
        "/v1.0/Users/adele, /v1.0/Users/*",
        "/v1.0/users('adele')/authentication, /v1.0/*/authentication",
        "/v1.0/users/adele%40contoso.com, /v1.0/users/*",
        "/v1.0/adele@contoso.com, /v1.0/*",
        "/v1.0/me/authentication/temporaryAccessPassMethods/K7Q2M9XA, /v1.0/me/authentication/temporaryAccessPassMethods/*",
        "/v1.0/K7Q2M9XA, /v1.0/*",
        "/scim/v2/Users?filter=userName%20eq%20adele, /scim/v2/Users/*",
    })
    void keeps_our_words_and_guids_and_nothing_else(String path, String logged) {
        assertThat(LoggedPath.of(path)).isEqualTo(logged);
    }

    @ParameterizedTest
    @CsvSource({"100", "100000"})
    void is_bounded(int segments) {
        assertThat(LoggedPath.of("/a".repeat(segments))).isEqualTo("/a".repeat(12));
    }
}
