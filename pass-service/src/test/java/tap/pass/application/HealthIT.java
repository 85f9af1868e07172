package tap.pass.application;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tap.contract.Topic;
import tap.contract.Topics;
import tap.pass.api.OtherServices;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.ServiceTimeouts;
import tap.testkit.infrastructure.TestTopics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItems;

@QuarkusTest
@QuarkusTestResource(value = ServiceTestResource.class, initArgs = @ResourceArg(name = "database", value = "tap_pass"))
@QuarkusTestResource(OtherServices.class)
class HealthIT {
    @Inject
    Pool pool;

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

    // In a common group a pod that comes or goes would halt the channels one after the other.
    @Test
    void each_channel_is_a_group_of_its_own() throws Exception {
        TestTopics topics = ServiceTestResource.topics();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", topics.bootstrap()))) {
            for (Topic topic : List.of(Topics.POLICIES, Topics.DIRECTORY, Topics.DIRECTORY_NAMES, Topics.REDEMPTIONS)) {
                String channel = topic.name().substring("tap.".length());
                String group = topics.prefix() + "pass-service." + channel;
                Awaitility.await()
                        .ignoreExceptions()
                        .until(() -> followed(admin, group), Set.of(topics.name(topic))::equals);
            }
        }
    }

    private static Set<String> followed(Admin admin, String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                .flatMap(described -> described.members().stream())
                .flatMap(member -> member.assignment().topicPartitions().stream())
                .map(TopicPartition::topic)
                .collect(Collectors.toSet());
    }

    @Test
    void metrics_and_the_api_are_described() {
        RestAssured.get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("tap_argon2_queue"))
                .body(containsString("tap_follower_lag"));
        RestAssured.get("/q/openapi")
                .then()
                .statusCode(200)
                .body(containsString("temporaryAccessPassMethods"))
                .body(containsString("/{version}/pending"));
        RestAssured.get("/q/swagger-ui/").then().statusCode(200);
    }

    @Test
    void its_connections_have_the_time_outs_that_a_frozen_pod_is_tested_with() {
        assertThat(ServiceTimeouts.inForceOn(pool)).isEqualTo(ServiceTimeouts.SETTINGS);
    }
}
