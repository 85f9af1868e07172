package tap.pass.application;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tap.pass.api.OtherServices;
import tap.testkit.infrastructure.ServiceTestResource;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItems;

@QuarkusTest
@QuarkusTestResource(value = ServiceTestResource.class, initArgs = @ResourceArg(name = "database", value = "tap_pass"))
@QuarkusTestResource(OtherServices.class)
class HealthIT {
    @Test
    void it_becomes_ready_by_itself_and_says_how_the_pipeline_is() {
        Awaitility.await()
                .untilAsserted(() -> RestAssured.get("/q/health/ready")
                        .then()
                        .statusCode(200)
                        .body("checks.name", hasItems("database", "copies")));
        Awaitility.await()
                .untilAsserted(
                        () -> RestAssured.get("/q/health/group/pipeline").then().statusCode(200));
        RestAssured.get("/q/health/live").then().statusCode(200);
    }

    @Test
    void metrics_and_the_api_are_described() {
        RestAssured.get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("tap_argon2_queue"))
                .body(containsString("tap_follower_lag"));
        RestAssured.get("/q/openapi").then().statusCode(200).body(containsString("temporaryAccessPassMethods"));
        RestAssured.get("/q/swagger-ui/").then().statusCode(200);
    }
}
