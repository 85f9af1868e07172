package tap.endtoend;

import java.time.Duration;
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
        return asking().contentType("application/scim+json")
                .body(Map.of(
                        "schemas",
                        new String[] {"urn:ietf:params:scim:schemas:core:2.0:User"},
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

    private RequestSpecification asking() {
        return given().baseUri(gateway).auth().oauth2(token);
    }
}
