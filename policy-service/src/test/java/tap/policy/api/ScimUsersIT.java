package tap.policy.api;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.TestTokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyOrNullString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static tap.policy.api.Callers.GRACE;
import static tap.policy.api.Callers.administrator;
import static tap.policy.api.Callers.scim;
import static tap.policy.api.Callers.with;

@QuarkusTest
@QuarkusTestResource(
        value = ServiceTestResource.class,
        initArgs = @ResourceArg(name = "database", value = "tap_policy"))
@QuarkusTestResource(FollowersOfTests.class)
class ScimUsersIT {
    private static final String USERS = "/scim/v2/Users";
    private static final String ERROR = "urn:ietf:params:scim:api:messages:2.0:Error";

    @Test
    void a_user_is_created_and_read_by_id_and_by_name() {
        String name = unique("Ada");
        String id = scim("""
                {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"%s","externalId":"e-%s",
                 "displayName":"Ada Lovelace","name":{"givenName":"Ada"},"userType":"Member",
                 "roles":[{"value":"Global Reader"}]}""".formatted(name, name))
                .post(USERS)
                .then()
                .statusCode(201)
                .contentType("application/scim+json")
                .header("Tap-Confirmation", "confirmed")
                .header("Location", containsString("/scim/v2/Users/"))
                .body("id", not(emptyOrNullString()))
                .body("userName", equalTo(name))
                .body("active", equalTo(true))
                .body("userType", equalTo("Member"))
                .body("roles[0].value", equalTo("f2ef992c-3afb-46b9-b7cf-a126ee74c451"))
                .body("roles[0].display", equalTo("Global Reader"))
                .body("meta.resourceType", equalTo("User"))
                .body("meta.created", notNullValue())
                .extract()
                .path("id");
        administrator()
                .get(USERS + "/" + id)
                .then()
                .statusCode(200)
                .contentType("application/scim+json")
                .body("userName", equalTo(name))
                .body("externalId", equalTo("e-" + name))
                .body("displayName", equalTo("Ada Lovelace"))
                .body("meta.location", endsWith("/scim/v2/Users/" + id));
        for (String filter : List.of(
                "userName eq \"" + name + "\"",
                "userName eq \"" + name.toUpperCase(java.util.Locale.ROOT) + "\"",
                "externalId eq \"e-" + name + "\"",
                "id eq \"" + id + "\"")) {
            administrator()
                    .queryParam("filter", filter)
                    .get(USERS)
                    .then()
                    .statusCode(200)
                    .body("totalResults", equalTo(1))
                    .body("Resources[0].id", equalTo(id));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"userName", "externalId", "id"})
    void what_nobody_can_have_is_an_empty_list(String attribute) {
        administrator()
                .queryParam("filter", attribute + " eq \"a\u0000b\"")
                .get(USERS)
                .then()
                .statusCode(200)
                .body("totalResults", equalTo(0));
    }

    @Test
    void plain_json_is_taken_too() {
        administrator()
                .contentType("application/json; charset=UTF-8")
                .body(user(unique("plain")))
                .post(USERS)
                .then()
                .statusCode(201)
                .contentType("application/scim+json");
    }

    @Test
    void a_name_that_nobody_has_is_an_empty_list() {
        administrator()
                .queryParam("filter", "userName eq \"" + unique("nobody") + "\"")
                .get(USERS)
                .then()
                .statusCode(200)
                .body("totalResults", equalTo(0));
    }

    @Test
    void users_are_listed_page_by_page() {
        String first = create(unique("page"));
        create(unique("page"));
        int total = administrator()
                .queryParam("startIndex", 1)
                .queryParam("count", 1)
                .get(USERS)
                .then()
                .statusCode(200)
                .body("itemsPerPage", equalTo(1))
                .body("totalResults", greaterThanOrEqualTo(2))
                .extract()
                .path("totalResults");
        // ids grow with time, so that the newest are on the last page
        administrator()
                .queryParam("startIndex", Math.max(1, total - 99))
                .queryParam("count", 100)
                .get(USERS)
                .then()
                .body("Resources.id", hasItem(first));
        administrator().queryParam("count", 0).get(USERS).then().statusCode(200).body("itemsPerPage", equalTo(0));
        administrator()
                .queryParam("startIndex", Long.MAX_VALUE)
                .get(USERS)
                .then()
                .statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Straße", "ＡＤＡ", "ΟΔΟΣ"})
    void names_are_one_when_they_fold_alike(String name) {
        String tail = unique("");
        create(name + tail);
        String alike = switch (name) {
            case "Straße" -> "STRASSE";
            case "ＡＤＡ" -> "ada";
            default -> "οδος";
        };
        scim(user(alike + tail))
                .post(USERS)
                .then()
                .statusCode(409)
                .contentType("application/scim+json")
                .body("schemas", equalTo(List.of(ERROR)))
                .body("status", is("409"))
                .body("scimType", equalTo("uniqueness"));
    }

    @Test
    void one_of_many_who_take_a_name_at_once_gets_it() throws Exception {
        String name = unique("race");
        try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
            Callable<Integer> call = () -> scim(user(name)).post(USERS).statusCode();
            List<Integer> statuses = new java.util.ArrayList<>();
            for (Future<Integer> status : clients.invokeAll(java.util.Collections.nCopies(8, call))) {
                statuses.add(status.get());
            }
            assertThat(statuses).containsOnlyOnce(201);
            assertThat(statuses).filteredOn(status -> status != 201).containsOnly(409);
        }
    }

    @Test
    void a_user_is_replaced_deactivated_and_removed() {
        String name = unique("grace");
        String id = create(name);
        String renamed = unique("hopper");
        scim("""
                {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"%s","active":false,
                 "userType":"Guest"}""".formatted(renamed))
                .put(USERS + "/" + id)
                .then()
                .statusCode(200)
                .header("Tap-Confirmation", "confirmed")
                .body("userName", equalTo(renamed))
                .body("active", equalTo(false))
                .body("displayName", nullValue());
        scim("""
                {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                 "Operations":[{"op":"replace","path":"active","value":true}]}""")
                .patch(USERS + "/" + id)
                .then()
                .statusCode(200)
                .body("active", equalTo(true))
                .body("userType", equalTo("Guest"));
        create(name);
        administrator().delete(USERS + "/" + id).then().statusCode(204).header("Tap-Confirmation", "confirmed");
        notFound(administrator().get(USERS + "/" + id).then());
        notFound(administrator().delete(USERS + "/" + id).then());
        notFound(scim(user(name)).put(USERS + "/" + id).then());
        create(renamed);
    }

    @Test
    void a_rename_to_a_name_that_is_taken_changes_nothing() {
        String taken = unique("taken");
        create(taken);
        String name = unique("kept");
        String id = create(name);
        scim(user(taken)).put(USERS + "/" + id).then().statusCode(409).body("scimType", equalTo("uniqueness"));
        administrator().get(USERS + "/" + id).then().body("userName", equalTo(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"]}",
                "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"  \"}",
                "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":7}",
                "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"a\\u0000b\"}",
                "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"x\",\"active\":\"maybe\"}",
                "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"x\","
                        + "\"roles\":[{\"value\":\"Helpdesk\"}]}"
            })
    void what_is_no_user_is_refused(String body) {
        scim(body)
                .post(USERS)
                .then()
                .statusCode(400)
                .contentType("application/scim+json")
                .body("schemas", equalTo(List.of(ERROR)))
                .body("status", is("400"))
                .body("detail", not(containsString("Exception")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"userName co \"a\"", "displayName eq \"a\"", "userName eq \"a\" and id pr"})
    void other_filters_are_refused(String filter) {
        administrator()
                .queryParam("filter", filter)
                .get(USERS)
                .then()
                .statusCode(400)
                .body("schemas", equalTo(List.of(ERROR)))
                .body("scimType", notNullValue());
    }

    @Test
    void a_filter_that_cannot_be_read_is_refused() {
        administrator()
                .queryParam("filter", "userName \"")
                .get(USERS)
                .then()
                .statusCode(400)
                .body("schemas", equalTo(List.of(ERROR)));
    }

    @Test
    void a_body_that_is_not_utf8_is_refused() {
        administrator()
                .contentType("application/scim+json")
                .body(user("Stra\u00dfe").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
                .post(USERS)
                .then()
                .statusCode(400)
                .body("scimType", equalTo("invalidSyntax"));
    }

    @Test
    void errors_before_the_resource_keep_the_form_of_scim() {
        administrator()
                .contentType("text/xml")
                .body("<user/>")
                .post(USERS)
                .then()
                .statusCode(415)
                .contentType("application/scim+json")
                .body("schemas", equalTo(List.of(ERROR)));
        scim("{\"userName\":\"" + "x".repeat(1_100_000) + "\"}")
                .post(USERS)
                .then()
                .statusCode(413)
                .body("schemas", equalTo(List.of(ERROR)));
        notFound(administrator().get("/scim/v2/Users/" + UUID.randomUUID()).then());
        notFound(administrator().get("/scim/v2/Users/ada").then());
        administrator().get("/scim/v2/Nonsense").then().statusCode(404).body("schemas", equalTo(List.of(ERROR)));
        administrator().get("/scim/v3").then().statusCode(404).body("schemas", equalTo(List.of(ERROR)));
    }

    @Test
    void only_who_may_change_the_directory_gets_in() {
        with(TestTokens.application().permissions("Tap.Directory.ReadWrite.All"))
                .get(USERS)
                .then()
                .statusCode(200);
        with(TestTokens.delegated(GRACE)
                        .permissions("Tap.Directory.ReadWrite.All")
                        .roles(TestTokens.AUTHENTICATION_ADMINISTRATOR))
                .get(USERS)
                .then()
                .statusCode(403)
                .contentType("application/scim+json")
                .body("schemas", equalTo(List.of(ERROR)))
                .body("status", is("403"));
        with(TestTokens.application().permissions("Policy.ReadWrite.AuthenticationMethod"))
                .contentType("application/scim+json")
                .body(user(unique("forbidden")))
                .post(USERS)
                .then()
                .statusCode(403);
    }

    @Test
    void it_says_what_it_supports() {
        for (String document : List.of("ServiceProviderConfig", "Schemas", "ResourceTypes")) {
            administrator().get("/scim/v2/" + document).then().statusCode(200).contentType("application/scim+json");
        }
    }

    private static String create(String userName) {
        return scim(user(userName)).post(USERS).then().statusCode(201).extract().path("id");
    }

    private static void notFound(io.restassured.response.ValidatableResponse response) {
        response.statusCode(404)
                .contentType("application/scim+json")
                .body("schemas", equalTo(List.of(ERROR)))
                .body("status", is("404"));
    }

    private static String user(String userName) {
        return "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"" + userName + "\"}";
    }

    private static String unique(String begin) {
        return begin + UUID.randomUUID();
    }
}
