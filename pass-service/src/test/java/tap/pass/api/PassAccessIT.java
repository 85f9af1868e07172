package tap.pass.api;

import java.util.List;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.TestTokens;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;
import static tap.pass.api.Surroundings.administrator;
import static tap.pass.api.Surroundings.passes;
import static tap.pass.api.Surroundings.posting;
import static tap.pass.api.Surroundings.user;
import static tap.pass.api.Surroundings.with;

/** Nothing is open, nobody issues to themselves, and an administrator reaches no further than the role. */
@QuarkusTest
@QuarkusTestResource(value = ServiceTestResource.class, initArgs = @ResourceArg(name = "database", value = "tap_pass"))
@QuarkusTestResource(OtherServices.class)
class PassAccessIT {
    private static final String OWN = "/v1.0/me/authentication/temporaryAccessPassMethods";

    @BeforeEach
    void policy() {
        Surroundings.policy(true, false);
    }

    @Test
    void without_a_token_or_with_a_wrong_one_nothing_is_answered() {
        UUID user = user();
        RestAssured.get(passes(user))
                .then()
                .statusCode(401)
                .contentType(ContentType.JSON)
                .header("WWW-Authenticate", startsWith("Bearer"))
                .body("error.code", equalTo("InvalidAuthenticationToken"));
        for (TestTokens token : List.of(
                TestTokens.delegated(user.toString()).expired(),
                TestTokens.delegated(user.toString()).audience("somebody-else"),
                TestTokens.delegated(user.toString()).issuer("https://elsewhere.example"),
                TestTokens.delegated(user.toString()).unsigned(),
                TestTokens.delegated(user.toString()).forged(),
                TestTokens.ofRedemption(user.toString()),
                TestTokens.ofRedemption(user.toString()).audience("http://localhost:8080"),
                TestTokens.ofRedemption(user.toString()).forged())) {
            with(token.permissions("UserAuthenticationMethod.ReadWrite.All").roles(TestTokens.GLOBAL_ADMINISTRATOR))
                    .get(passes(user))
                    .then()
                    .statusCode(401)
                    .body("error.code", equalTo("InvalidAuthenticationToken"));
        }
        RestAssured.get("/v1.0/nowhere").then().statusCode(401);
    }

    @ParameterizedTest
    @CsvSource({
        // permission, role, reads, writes
        "UserAuthenticationMethod.ReadWrite.All, GLOBAL_ADMINISTRATOR, 200, 201",
        "UserAuthMethod-TAP.ReadWrite.All, PRIVILEGED_AUTHENTICATION_ADMINISTRATOR, 200, 201",
        "UserAuthMethod-TAP.ReadWrite.All, AUTHENTICATION_ADMINISTRATOR, 200, 201",
        "UserAuthMethod-TAP.Read.All, GLOBAL_ADMINISTRATOR, 200, 403",
        "UserAuthenticationMethod.ReadWrite.All, GLOBAL_READER, 200, 403",
        "UserAuthenticationMethod.ReadWrite.All, AUTHENTICATION_POLICY_ADMINISTRATOR, 403, 403",
        "UserAuthMethod-TAP.ReadWrite, GLOBAL_ADMINISTRATOR, 403, 403",
        "Policy.Read.All, GLOBAL_ADMINISTRATOR, 403, 403"
    })
    void permission_and_role_must_both_allow_it(String permission, String role, int reads, int writes)
            throws ReflectiveOperationException {
        UUID user = user();
        String caller = user().toString();
        String template = (String) TestTokens.class.getField(role).get(null);
        with(TestTokens.delegated(caller).permissions(permission).roles(template))
                .get(passes(user))
                .then()
                .statusCode(reads);
        var posted = with(TestTokens.delegated(caller).permissions(permission).roles(template))
                .contentType(ContentType.JSON)
                .body("{}")
                .post(passes(user))
                .then()
                .statusCode(writes);
        if (writes == 403) {
            posted.body("error.code", equalTo("accessDenied"))
                    .body("error.message", equalTo("Request Authorization failed"));
        }
    }

    /** Of users whose roles the directory knows, as with {@code tap.access.roles-from=directory}. */
    @Nested
    class With_roles_of_the_directory {
        private TestTokens token(UUID caller) {
            return CallersOfDirectory.mark(TestTokens.delegated(caller.toString())
                    .permissions("UserAuthenticationMethod.ReadWrite.All", "Tap.Audit.Read.All")
                    .roles(TestTokens.GLOBAL_ADMINISTRATOR));
        }

        private ValidatableResponse issue(UUID caller, UUID user) {
            return with(token(caller))
                    .contentType(ContentType.JSON)
                    .body("{}")
                    .post(passes(user))
                    .then();
        }

        @Test
        void a_role_counts_from_when_it_is_given_until_it_is_taken_away_whatever_the_token_says() {
            UUID user = user();
            UUID caller = user();
            issue(caller, user)
                    .statusCode(403)
                    .body("error.innerError.message", containsString("no administrator role"));
            with(token(caller)).get(passes(user)).then().statusCode(403);
            Surroundings.roles(caller, TestTokens.AUTHENTICATION_ADMINISTRATOR);
            String pass = issue(caller, user).statusCode(201).extract().path("id");
            with(token(caller)).get(passes(user) + "/" + pass).then().statusCode(200);
            with(token(caller)).get(passes(UUID.randomUUID())).then().statusCode(404);
            with(token(caller)).get("/v1.0/pending").then().statusCode(403);
            UUID administrator = Surroundings.user("member", List.of(TestTokens.GLOBAL_READER), List.of());
            issue(caller, administrator).statusCode(403);
            Surroundings.roles(caller, TestTokens.GLOBAL_READER);
            issue(caller, user).statusCode(403);
            with(token(caller)).delete(passes(user) + "/" + pass).then().statusCode(403);
            with(token(caller)).get(passes(user)).then().statusCode(200);
            with(token(caller)).get("/v1.0/pending").then().statusCode(200);
            Surroundings.roles(caller);
            with(token(caller)).get(passes(user)).then().statusCode(403);
            with(token(caller)).get(passes(UUID.randomUUID())).then().statusCode(403);
            with(token(caller)).get(OWN).then().statusCode(200);
        }

        @Test
        void who_may_not_sign_in_or_is_unknown_has_no_role() {
            UUID user = user();
            UUID caller = Surroundings.user("member", List.of(TestTokens.GLOBAL_ADMINISTRATOR), List.of());
            issue(caller, user).statusCode(201);
            Surroundings.change(caller, false, "member", List.of(TestTokens.GLOBAL_ADMINISTRATOR), List.of());
            issue(caller, user).statusCode(403);
            issue(UUID.randomUUID(), user).statusCode(403);
        }

        @Test
        void who_is_mapped_by_name_or_external_id_has_the_roles_of_that_user() {
            String name = "named-" + UUID.randomUUID();
            Surroundings.roles(user(name), TestTokens.GLOBAL_READER);
            UUID user = user();
            for (String subject : List.of(name + "@example.org", "hr-" + name)) {
                TestTokens token = CallersOfDirectory.mark(
                        TestTokens.delegated(subject).permissions("UserAuthenticationMethod.Read.All"));
                with(token).get(passes(user)).then().statusCode(200);
            }
        }
    }

    @Test
    void an_application_needs_its_permission_alone() {
        UUID user = user();
        with(TestTokens.application().permissions("UserAuthenticationMethod.ReadWrite.All"))
                .contentType(ContentType.JSON)
                .body("{}")
                .post(passes(user))
                .then()
                .statusCode(201);
        with(TestTokens.application().permissions("UserAuthenticationMethod.ReadWrite.All"))
                .get(OWN)
                .then()
                .statusCode(403);
    }

    @Test
    void nobody_issues_to_themselves_by_whatever_key() {
        String name = "self-" + UUID.randomUUID();
        UUID user = user(name);
        for (String key : List.of(user.toString(), name + "@example.org")) {
            for (String subject : List.of(user.toString(), name + "@example.org", "hr-" + name)) {
                with(TestTokens.delegated(subject)
                                .permissions("UserAuthenticationMethod.ReadWrite.All")
                                .roles(TestTokens.GLOBAL_ADMINISTRATOR))
                        .contentType(ContentType.JSON)
                        .body("{}")
                        .post(passes(key))
                        .then()
                        .statusCode(403)
                        .body("error.message", equalTo("Request Authorization failed"));
            }
        }
        administrator().get(passes(user)).then().body("value", empty());
    }

    @Test
    void a_caller_whom_the_directory_does_not_know_issues_nothing() {
        with(TestTokens.delegated(UUID.randomUUID().toString())
                        .permissions("UserAuthenticationMethod.ReadWrite.All")
                        .roles(TestTokens.GLOBAL_ADMINISTRATOR))
                .contentType(ContentType.JSON)
                .body("{}")
                .post(passes(user()))
                .then()
                .statusCode(403);
    }

    @Test
    void an_authentication_administrator_does_not_reach_administrators() {
        UUID administrator = Surroundings.user("member", List.of(TestTokens.GLOBAL_READER), List.of());
        TestTokens token = TestTokens.delegated(user().toString())
                .permissions("UserAuthenticationMethod.ReadWrite.All")
                .roles(TestTokens.AUTHENTICATION_ADMINISTRATOR);
        with(token)
                .contentType(ContentType.JSON)
                .body("{}")
                .post(passes(administrator))
                .then()
                .statusCode(403);
        with(token).get(passes(administrator)).then().statusCode(403);
        posting("{}").post(passes(administrator)).then().statusCode(201);
        // whether or not what is asked for could be a pass
        for (String pass : List.of(UUID.randomUUID().toString(), "no-guid")) {
            with(token).delete(passes(administrator) + "/" + pass).then().statusCode(403);
            with(token).get(passes(administrator) + "/" + pass).then().statusCode(403);
            administrator().get(passes(administrator) + "/" + pass).then().statusCode(404);
            administrator()
                    .delete(passes(administrator) + "/" + pass)
                    .then()
                    .statusCode(404)
                    .body("error.message", containsString("'" + pass + "'"));
        }
    }

    @Test
    void anybody_reads_and_deletes_the_own_pass_and_nobody_elses() {
        UUID user = user();
        String pass = posting("{}").post(passes(user)).path("id");
        TestTokens token = TestTokens.delegated(user.toString()).permissions("UserAuthMethod-TAP.ReadWrite");
        with(token).get(OWN).then().statusCode(200).body("value", hasSize(1)).body("value[0].id", equalTo(pass));
        with(token).get(passes(user)).then().statusCode(200);
        with(token).get(OWN + "/$count").then().statusCode(200).body(equalTo("1"));
        with(token).get(OWN + "/" + pass).then().statusCode(200).body("isUsable", equalTo(true));
        with(token)
                .get("/beta/me/authentication/methods")
                .then()
                .statusCode(200)
                .body("value", hasSize(1));
        // no more and no less than for a user whom there is
        for (UUID other : List.of(user(), UUID.randomUUID())) {
            with(token).get(passes(other)).then().statusCode(403);
            with(token).delete(passes(other) + "/" + UUID.randomUUID()).then().statusCode(403);
        }
        with(token).delete(OWN + "/" + UUID.randomUUID()).then().statusCode(404);
        with(token).delete(OWN + "/" + pass).then().statusCode(204);
        with(token).get(OWN).then().body("value", empty());
        with(TestTokens.delegated(UUID.randomUUID().toString()).permissions("UserAuthMethod-TAP.ReadWrite"))
                .get(OWN)
                .then()
                .statusCode(403);
    }
}
