package tap.policy.application;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tap.policy.api.FollowersOfTests;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.ServiceTimeouts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

/** What an operator looks at needs no token. */
@QuarkusTest
@QuarkusTestResource(
        value = ServiceTestResource.class,
        initArgs = @ResourceArg(name = "database", value = "tap_policy"))
@QuarkusTestResource(FollowersOfTests.class)
class HealthIT {
    @Inject
    Pool pool;

    @Test
    void it_becomes_ready_once_the_witness_has_vouched_for_the_database() {
        Awaitility.await()
                .untilAsserted(() -> RestAssured.get("/q/health/ready")
                        .then()
                        .statusCode(200)
                        .body("checks.name", hasItem("database")));
        RestAssured.get("/q/health/live").then().statusCode(200);
    }

    @Test
    void the_pipeline_is_a_group_of_its_own() {
        Awaitility.await()
                .untilAsserted(() -> RestAssured.get("/q/health/group/pipeline")
                        .then()
                        .statusCode(200)
                        .body("checks[0].name", equalTo("pipeline")));
    }

    @Test
    void metrics_and_the_description_of_the_api_are_there() {
        RestAssured.get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("tap_relay_lag"))
                .body(containsString("tap_pending "))
                .body(containsString("tap_pending_age_seconds"));
        RestAssured.get("/q/openapi")
                .then()
                .statusCode(200)
                .body(containsString("/{version}/policies/authenticationMethodsPolicy"))
                .body(containsString("/{version}/policies/pending"))
                .body(containsString("v1.0 or beta"))
                .body(containsString("application/scim+json"));
        RestAssured.get("/q/swagger-ui/").then().statusCode(200);
    }

    @Test
    void its_connections_have_the_time_outs_that_a_frozen_pod_is_tested_with() {
        assertThat(ServiceTimeouts.inForceOn(pool)).isEqualTo(ServiceTimeouts.SETTINGS);
    }
}
