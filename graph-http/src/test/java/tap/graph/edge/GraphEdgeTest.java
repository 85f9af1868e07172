package tap.graph.edge;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tap.graph.access.AdministratorRole;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

/** Over a real socket, through Quarkus' own filters, token verification and routing. */
@QuarkusTest
@QuarkusTestResource(TokenIssuer.class)
class GraphEdgeTest {
    private static final String ADMIN = "11111111-aaaa-4aaa-8aaa-111111111111";
    private static final String USER = "22222222-bbbb-4bbb-8bbb-222222222222";
    private static final String PASSES = "/v1.0/users/" + USER + "/passes";
    private static final String GUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    @ConfigProperty(name = "test.private-key")
    String privateKey;

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init") // Quarkus sets it
    URI origin;

    private JwtClaimsBuilder claims() {
        return Jwt.claims()
                .issuer("https://login.example")
                .audience("tap")
                .subject("somebody")
                .claim("oid", ADMIN)
                .claim("scp", "UserAuthMethod-TAP.ReadWrite.All Policy.Read.All")
                .claim("wids", List.of(AdministratorRole.AUTHENTICATION_ADMINISTRATOR.templateId()))
                .expiresIn(60);
    }

    private String sign(JwtClaimsBuilder claims) throws Exception {
        PrivateKey key = KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(privateKey)));
        return claims.sign(key);
    }

    private RequestSpecification admin() throws Exception {
        return given().auth().oauth2(sign(claims())).contentType(ContentType.JSON);
    }

    private static ValidatableResponse isGraphError(ValidatableResponse response, int status, String code) {
        return response.statusCode(status)
                .header("Content-Type", startsWith("application/json"))
                .header("Cache-Control", equalTo("no-store"))
                .header("request-id", matchesPattern(GUID))
                .body("error.code", equalTo(code))
                .body("error.message", not(nullValue()))
                .body("error.innerError.date", matchesPattern("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d"))
                .body("error.innerError.request-id", equalTo(response.extract().header("request-id")))
                .body("error.innerError", hasKey("client-request-id"));
    }

    @Nested
    class A_good_request {
        @Test
        void is_answered_with_ids_context_and_correlation() throws Exception {
            ValidatableResponse response = admin().header("client-request-id", "client-1")
                    .body("{\"minutes\":60}")
                    .post("/v1.0/users/adele@contoso.com/passes")
                    .then()
                    .statusCode(201)
                    .header("client-request-id", equalTo("client-1"))
                    .header("Cache-Control", equalTo("no-store"))
                    .body("minutes", equalTo(60))
                    .body("caller", equalTo(ADMIN))
                    .body(
                            "'@odata.context'",
                            equalTo(
                                    origin.toString().replaceAll("/$", "")
                                            + "/v1.0/$metadata#users('adele%40contoso.com')/authentication/temporaryAccessPassMethods/$entity"));
            assertThat(response.extract().<String>path("correlation"))
                    .isEqualTo(response.extract().header("request-id"));
        }

        @Test
        void keeps_beta_and_the_gateways_name_in_its_context() throws Exception {
            admin().header("X-Forwarded-Proto", "https")
                    .header("X-Forwarded-Host", "tap.example")
                    .get("/beta/users/u/passes")
                    .then()
                    .statusCode(200)
                    .body(
                            "'@odata.context'",
                            equalTo(
                                    "https://tap.example/beta/$metadata#users('u')/authentication/temporaryAccessPassMethods"))
                    .body("value", equalTo(List.of("u")));
        }

        @ParameterizedTest
        @ValueSource(strings = {"text/html", "application/xml", "application/json;q=0.1", "nonsense"})
        void is_never_refused_for_what_it_accepts(String accept) throws Exception {
            admin().header("Accept", accept).get(PASSES).then().statusCode(200).contentType(ContentType.JSON);
            admin().urlEncodingEnabled(false)
                    .header("Accept", accept)
                    .get(PASSES + "/$count")
                    .then()
                    .statusCode(200)
                    .contentType(ContentType.TEXT);
        }

        @Test
        void echoes_no_odd_client_id() throws Exception {
            admin().header("client-request-id", "x".repeat(129))
                    .get(PASSES)
                    .then()
                    .statusCode(200)
                    .header("client-request-id", nullValue());
        }
    }

    // Java's own client asks to change to HTTP/2 with its first request
    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void a_request_that_would_rather_speak_http_2_is_served(String method) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(origin.resolve(PASSES))
                            .header("Authorization", "Bearer " + sign(claims()))
                            .header("Content-Type", "application/json")
                            .method(
                                    method,
                                    method.equals("GET")
                                            ? HttpRequest.BodyPublishers.noBody()
                                            : HttpRequest.BodyPublishers.ofString("{}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(method.equals("GET") ? 200 : 201);
        }
    }

    @Nested
    class A_bad_body {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "''|Empty Payload. JSON content expected.",
                    "{\"minutes\":|Unable to read JSON request payload: malformed at line 1, column ",
                    "[]|The request body must be one JSON object.",
                    "{\"minutes\":\"60\"}|The value of 'minutes' is not valid. Expected: an integer",
                    "{\"seconds\":60}|The member 'seconds' is not known here. Expected: one of minutes.",
                    "{\"minutes\":1,\"minutes\":2}|The member 'minutes' appears more than once.",
                    "{\"@odata.type\":\"#other\"}|The value of '@odata.type' is not valid. Expected: #probe.",
                })
        void is_named(String body, String message) throws Exception {
            isGraphError(admin().body(body).post(PASSES).then(), 400, "badRequest")
                    .body("error.message", startsWith(message));
        }

        @ParameterizedTest
        @ValueSource(strings = {"text/plain", "application/xml"})
        void of_another_type_is_415(String type) throws Exception {
            isGraphError(admin().contentType(type).body("{}").post(PASSES).then(), 415, "notSupported");
        }

        @ParameterizedTest
        @ValueSource(strings = {"multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "nonsense"})
        void as_a_form_is_415_too(String type) throws Exception {
            String answer = raw("POST " + PASSES + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + sign(claims())
                    + "\r\nContent-Type: " + type + "\r\nContent-Length: 5\r\n\r\n--x--");
            assertThat(answer).startsWith("HTTP/1.1 415").contains("\"code\":\"notSupported\"");
        }

        @Test
        void too_large_is_413() throws Exception {
            String body = "{\"minutes\":60" + " ".repeat(300_000) + "}";
            isGraphError(admin().body(body).post(PASSES).then(), 413, "requestTooLarge");
        }

        @Test
        void too_large_in_chunks_is_413_too() throws Exception {
            String answer = raw("POST " + PASSES + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + sign(claims())
                    + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + ("10000\r\n" + "x".repeat(0x10000) + "\r\n").repeat(5) + "0\r\n\r\n");
            assertThat(answer).startsWith("HTTP/1.1 413").contains("\"code\":\"requestTooLarge\"");
        }

        @Test
        void large_and_sound_is_read_to_its_end() throws Exception {
            String body = "{\"minutes\":60" + " ".repeat(200_000) + "}";
            admin().body(body).post(PASSES).then().statusCode(201).body("minutes", equalTo(60));
            String answer = raw("POST " + PASSES + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer "
                    + sign(claims())
                    + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "6\r\n{\"minu\r\n9\r\ntes\":61 }\r\n0\r\n\r\n");
            assertThat(answer).startsWith("HTTP/1.1 201").contains("\"minutes\":61");
        }

        @Test
        void that_a_binder_refuses_is_400_as_well() throws Exception {
            isGraphError(
                    admin().body("{\"a\":\"b\"}").post("/v1.0/users/u/bound").then(), 400, "badRequest");
            isGraphError(admin().body("{\"a\"").post("/v1.0/users/u/bound").then(), 400, "badRequest");
        }
    }

    @Nested
    class A_caller {
        @Test
        void without_a_token_is_challenged() throws Exception {
            isGraphError(
                            given().contentType(ContentType.JSON)
                                    .body("{}")
                                    .post(PASSES)
                                    .then(),
                            401,
                            "InvalidAuthenticationToken")
                    .header("WWW-Authenticate", equalTo("Bearer"))
                    .body("error.message", equalTo("Access token is empty."));
        }

        @Test
        void with_a_token_that_does_not_verify_is_challenged() throws Exception {
            String good = sign(claims());
            String forged = good.substring(0, good.lastIndexOf('.') + 1)
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[256]);
            List<String> bad = List.of(
                    "nonsense",
                    "a.b.c",
                    forged,
                    sign(claims().issuer("https://elsewhere.example")),
                    sign(claims().audience("another")),
                    sign(claims().expiresAt(Instant.now().minusSeconds(3_600))),
                    sign(claims().claim("oid", " ").subject("")));
            for (String token : bad) {
                isGraphError(
                                given().auth()
                                        .oauth2(token)
                                        .contentType(ContentType.JSON)
                                        .body("{}")
                                        .post(PASSES)
                                        .then(),
                                401,
                                "InvalidAuthenticationToken")
                        .header("WWW-Authenticate", equalTo("Bearer error=\"invalid_token\""));
            }
        }

        @Test
        void with_another_scheme_is_challenged() throws Exception {
            isGraphError(
                    given().header("Authorization", "Basic YTpi")
                            .contentType(ContentType.JSON)
                            .body("{}")
                            .post(PASSES)
                            .then(),
                    401,
                    "InvalidAuthenticationToken");
        }

        @Test
        void without_the_permission_or_role_is_refused() throws Exception {
            isGraphError(
                            given().auth()
                                    .oauth2(sign(claims().claim("scp", "Policy.Read.All")))
                                    .contentType(ContentType.JSON)
                                    .body("{}")
                                    .post(PASSES)
                                    .then(),
                            403,
                            "accessDenied")
                    .body("error.message", equalTo("Request Authorization failed"))
                    .body("error.innerError.message", equalTo("The token has no permission for this."));
            isGraphError(
                    given().auth()
                            .oauth2(sign(claims().claim("wids", List.of())))
                            .contentType(ContentType.JSON)
                            .body("{}")
                            .post(PASSES)
                            .then(),
                    403,
                    "accessDenied");
        }

        @Test
        void issues_nothing_to_themselves() throws Exception {
            isGraphError(
                            admin().body("{}")
                                    .post("/v1.0/users/" + ADMIN + "/passes")
                                    .then(),
                            403,
                            "accessDenied")
                    .body("error.innerError.message", equalTo("Nobody can issue a pass to the account they act as."));
        }

        @ParameterizedTest
        @ValueSource(strings = {"/", "/nowhere", PASSES, "/beta/users/u/bug", "/v1.0/users/u/role"})
        void without_a_token_learns_nothing_of_what_is_there(String path) throws Exception {
            isGraphError(given().get(path).then(), 401, "InvalidAuthenticationToken");
            isGraphError(given().delete(path).then(), 401, "InvalidAuthenticationToken");
        }

        @Test
        void whom_an_annotation_refuses_gets_the_same_words() throws Exception {
            isGraphError(admin().get("/v1.0/users/u/role").then(), 403, "accessDenied");
        }
    }

    @Nested
    class A_request_that_no_resource_sees {
        @ParameterizedTest
        @ValueSource(
                strings = {"/", "/nowhere", "/v1.0", "/v1.0/users", "/v2.0/users/u/passes", "/v1.0/users/u/passes/x/y"})
        void is_404(String path) throws Exception {
            isGraphError(admin().get(path).then(), 404, "resourceNotFound");
        }

        @ParameterizedTest
        @ValueSource(strings = {"PATCH", "DELETE", "PUT", "BREW"})
        void of_another_method_is_405(String method) throws Exception {
            isGraphError(admin().body("{}").request(method, PASSES).then(), 405, "notAllowed")
                    .header("Allow", equalTo("GET, HEAD, OPTIONS, POST"));
            isGraphError(
                            admin().body("{}")
                                    .request(method, "/beta/users('u')/bug")
                                    .then(),
                            405,
                            "notAllowed")
                    .header("Allow", equalTo("GET, HEAD, OPTIONS"));
        }

        @Test
        void with_options_is_told_what_the_path_takes() throws Exception {
            admin().options(PASSES).then().statusCode(204).header("Allow", equalTo("GET, HEAD, OPTIONS, POST"));
            admin().options("/v1.0/users('u')/bound").then().statusCode(204).header("Allow", equalTo("OPTIONS, POST"));
            isGraphError(admin().options("/v1.0/users/u/nowhere").then(), 404, "resourceNotFound");
            isGraphError(given().options(PASSES).then(), 401, "InvalidAuthenticationToken");
        }

        @Test
        void with_head_is_answered_as_get_without_a_body() throws Exception {
            String length = admin().get(PASSES).then().extract().header("Content-Length");
            assertThat(raw("HEAD " + PASSES + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer "
                            + sign(claims()) + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("Content-Type: application/json")
                    .endsWith("\r\n\r\n");
            assertThat(length).isNotNull();
            assertThat(raw(
                            "HEAD /v1.0/users/u/nowhere HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer "
                                    + sign(claims()) + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 404")
                    .endsWith("\r\n\r\n");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "users/ada%40contoso.com|ada@contoso.com",
                    "users/ada@contoso.com|ada@contoso.com",
                    "users/ada_x.com%23EXT%23%40contoso.com|ada_x.com#EXT#@contoso.com",
                    "users/ada+tap@contoso.com|ada+tap@contoso.com",
                    "users/ada%2Btap@contoso.com|ada+tap@contoso.com",
                    "users/o'brien@c.d|o'brien@c.d",
                    "users/o%27brien@c.d|o'brien@c.d",
                    "users('o''brien@c.d')|o'brien@c.d",
                    "users('o%27%27brien@c.d')|o'brien@c.d",
                    "users(%27o%27'brien%40c.d%27)|o'brien@c.d",
                    "users%28%27o%27%27brien%40c.d%27%29|o'brien@c.d",
                    "users('o%27%27%27%27b')|o''b",
                    "users('ada_x.com%23EXT%23@contoso.com')|ada_x.com#EXT#@contoso.com",
                    "users('a%2Fb')|a/b",
                    "users/a%2Fb|a/b",
                    "users('gr%C3%B6%C3%9Fe')|größe",
                    "users('100%25')|100%",
                })
        void names_its_user_in_every_way_that_clients_write_keys(String segment, String user) throws Exception {
            admin().urlEncodingEnabled(false)
                    .get("/v1.0/" + segment + "/passes")
                    .then()
                    .statusCode(200)
                    .body("value", equalTo(List.of(user)));
        }

        @Test
        void with_an_overlong_uri_is_414_and_with_overlong_headers_431() throws Exception {
            isGraphError(
                    admin().get("/v1.0/users/" + "u".repeat(5_000) + "/passes").then(), 414, "invalidRequest");
            isGraphError(admin().get(PASSES + "?x=" + "u".repeat(60_000)).then(), 414, "invalidRequest");
            isGraphError(admin().header("x", "y".repeat(30_000)).get(PASSES).then(), 431, "invalidRequest");
            given().get("/scim/v2/" + "u".repeat(5_000))
                    .then()
                    .statusCode(414)
                    .contentType("application/scim+json")
                    .body("status", equalTo("414"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"/v1.0/users/a%00b/passes", "/v1.0/users/%0d%0aX/passes", "/v1.0/users/%7F/passes"})
        void with_a_control_character_in_its_path_is_400(String path) throws Exception {
            assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 400")
                    .contains("\"code\":\"badRequest\"");
        }

        /** A URI that java.net.URI refuses never gets here: Quarkus answers it before any route, and the gateway before that. */
        @ParameterizedTest
        @ValueSource(strings = {"/%c3%28", "*", "/v1.0/users/u/../../..//x", "/v1.0/users/u;a=b/../passes;c"})
        void with_an_odd_path_is_refused_in_the_envelope(String path) throws Exception {
            assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                    .matches("(?s)HTTP/1.1 4\\d\\d.*")
                    .contains("\"code\":\"");
        }

        @ParameterizedTest
        @ValueSource(strings = {"a b", "h:port", "h/x"})
        void with_an_odd_host_is_refused_in_the_envelope(String host) throws Exception {
            assertThat(raw("GET /nowhere HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                    .matches("(?s)HTTP/1.1 4\\d\\d.*")
                    .contains("\"code\":\"");
        }
    }

    @Nested
    class A_failure {
        @Test
        void that_nobody_expected_is_500_and_says_nothing_more() throws Exception {
            ValidatableResponse response =
                    isGraphError(admin().get("/v1.0/users/u/bug").then(), 500, "generalException");
            assertThat(response.extract().asString())
                    .doesNotContain("secret detail")
                    .doesNotContain("IllegalState");
        }

        @Test
        void that_the_service_has_words_for_is_answered_with_them() throws Exception {
            isGraphError(admin().get("/v1.0/users/u/away").then(), 503, "serviceNotAvailable")
                    .header("Retry-After", equalTo("1"))
                    .body("error.innerError.message", equalTo("the store is away"));
        }

        @Test
        void that_passes_says_when_to_come_back_in_whole_seconds() throws Exception {
            isGraphError(admin().get("/v1.0/users/u/throttled").then(), 429, "activityLimitReached")
                    .header("Retry-After", equalTo("2"));
        }
    }

    @Nested
    class Paths_of_another_protocol {
        @ParameterizedTest
        @CsvSource({"/scim/v2/Users/bug, 500", "/scim/v2/nowhere, 404", "/scim, 404"})
        void keep_their_own_form(String path, int status) throws Exception {
            isOtherError(admin().get(path).then(), status);
            isOtherError(given().get(path).then(), 401).header("WWW-Authenticate", equalTo("Bearer"));
            isOtherError(given().auth().oauth2("nonsense").get(path).then(), 401);
        }

        private static ValidatableResponse isOtherError(ValidatableResponse response, int status) {
            return response.statusCode(status)
                    .header("Content-Type", startsWith("application/scim+json"))
                    .header("request-id", matchesPattern(GUID))
                    .body("status", equalTo(Integer.toString(status)));
        }

        @Test
        void end_where_their_prefix_ends() throws Exception {
            isGraphError(admin().get("/scimitar").then(), 404, "resourceNotFound");
        }

        @Test
        void of_quarkus_itself_are_left_alone() throws Exception {
            given().get("/q/nowhere").then().statusCode(404).header("request-id", nullValue());
        }
    }

    /** What a well-behaved client cannot send. The answer is read until the server closes or has sent a whole response. */
    private String raw(String request) throws Exception {
        try (Socket socket = new Socket(origin.getHost(), origin.getPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[8_192];
            while (!answer.toString(StandardCharsets.UTF_8).contains("\"}}}")) {
                int read = in.read(buffer);
                if (read < 0) {
                    break;
                }
                answer.write(buffer, 0, read);
            }
            return answer.toString(StandardCharsets.UTF_8);
        }
    }
}
