package tap.endtoend;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

/** An administrator with a bearer token and curl's view of the world. */
public final class Administrator {
    private static final String POLICY =
            "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass";
    private static final String PASSES = "/v1.0/users/{user}/authentication/temporaryAccessPassMethods";

    private final String gateway;
    private final String token;

    Administrator(String gateway, String token) {
        this.gateway = gateway;
        this.token = token;
    }

    /** The same administrator, asking a pod past the gateway. */
    Administrator at(String pod) {
        return new Administrator(pod, token);
    }

    /** The bearer token. */
    public String token() {
        return token;
    }

    Response policy() {
        return asking().get(POLICY);
    }

    public Response configure(Map<String, ?> members) {
        return asking().contentType(ContentType.JSON).body(members).patch(POLICY);
    }

    Response createUser(String userName) {
        return scim(Map.of(
                        "schemas",
                        List.of("urn:ietf:params:scim:schemas:core:2.0:User"),
                        "userName",
                        userName,
                        "active",
                        true))
                .post("/scim/v2/Users");
    }

    /** Creates a user, and returns the id when the user can be issued a pass, by id and by name. */
    String user(String userName) {
        Response created = createUser(userName);
        created.then().statusCode(201);
        String id = created.path("id");
        if (!"confirmed".equals(created.header("Tap-Confirmation"))) {
            await("the user to be known")
                    .atMost(Duration.ofSeconds(40))
                    .until(() -> list(id).statusCode() == 200 && list(userName).statusCode() == 200);
        }
        return id;
    }

    /** Creates a group, and returns the id when issuing and redeeming know its members. */
    String group(String displayName, String... members) {
        Response created = scim(Map.of(
                        "schemas",
                        List.of("urn:ietf:params:scim:schemas:core:2.0:Group"),
                        "displayName",
                        displayName,
                        "members",
                        Arrays.stream(members).map(id -> Map.of("value", id)).toList()))
                .post("/scim/v2/Groups");
        created.then().statusCode(201).header("Tap-Confirmation", "confirmed");
        return created.path("id");
    }

    /** Takes a user or group out of a group. */
    Response leave(String group, String member) {
        return scim(Map.of(
                        "schemas",
                        List.of("urn:ietf:params:scim:api:messages:2.0:PatchOp"),
                        "Operations",
                        List.of(Map.of("op", "remove", "path", "members[value eq \"" + member + "\"]"))))
                .patch("/scim/v2/Groups/{group}", group);
    }

    Response issue(String user, Map<String, ?> members) {
        return asking().contentType(ContentType.JSON).body(members).post(PASSES, user);
    }

    Response list(String user) {
        return asking().get(PASSES, user);
    }

    Response get(String user, String pass) {
        return asking().get(PASSES + "/{pass}", user, pass);
    }

    Response delete(String user, String pass) {
        return asking().delete(PASSES + "/{pass}", user, pass);
    }

    /** Passes that are not yet confirmed. */
    Response pendingPasses() {
        return asking().get("/v1.0/pending");
    }

    /** Changes of policy and directory that are not yet confirmed. */
    Response pendingChanges() {
        return asking().get("/v1.0/policies/pending");
    }

    private RequestSpecification scim(Map<String, ?> body) {
        return asking().contentType("application/scim+json; charset=UTF-8").body(body);
    }

    private RequestSpecification asking() {
        return given().baseUri(gateway).auth().oauth2(token);
    }
}
