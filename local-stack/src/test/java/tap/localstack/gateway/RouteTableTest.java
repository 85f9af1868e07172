package tap.localstack.gateway;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RouteTableTest {
    @ParameterizedTest
    @CsvSource({
        "/v1.0/policies/authenticationMethodsPolicy, policy-service, GRAPH",
        "/beta/policies, policy-service, GRAPH",
        "/v1.0/policiesAndMore, pass-service, GRAPH",
        "/v1.0/users/u/authentication/temporaryAccessPassMethods, pass-service, GRAPH",
        "/v1.0/$batch, pass-service, GRAPH",
        "/beta/%24batch, pass-service, GRAPH",
        "/beta/temporaryAccessPassMethods/bulk, pass-service, GRAPH",
        "/scim/v2/Users, policy-service, SCIM",
        "/scimmer, pass-service, GRAPH",
        "/v1.0/redemptions/users/u/refusals, redemption-service, GRAPH",
        "/beta/redemptions/users/u/throttle, redemption-service, GRAPH",
        "/oauth2/token, redemption-service, OAUTH",
        "/.well-known/jwks.json, redemption-service, OAUTH",
        "/, pass-service, GRAPH",
        "'', pass-service, GRAPH",
    })
    void every_path_has_the_service_and_the_error_form_of_its_protocol(String path, String service, ErrorForm errors) {
        Route route = RouteTable.load().of(path);

        assertThat(route.service()).isEqualTo(service);
        assertThat(route.errors()).isEqualTo(errors);
    }

    @Test
    void a_table_without_an_answer_for_every_path_is_refused() {
        assertThatThrownBy(() -> new RouteTable(List.of(new Route("/scim", "policy-service", ErrorForm.SCIM))))
                .hasMessageContaining("a route for / is missing");
    }
}
