package tap.policy.api;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import tap.contract.Topic;
import tap.contract.Topics;
import tap.testkit.infrastructure.ServiceTestResource;

import static org.assertj.core.api.Assertions.assertThat;
import static tap.policy.api.Callers.GRACE;
import static tap.policy.api.Callers.TAP;
import static tap.policy.api.Callers.administrator;
import static tap.policy.api.Callers.patching;
import static tap.policy.api.Callers.scim;

/** What others see on Kafka of what was done over HTTP. A confirmed answer was published before it was given. */
@QuarkusTest
@QuarkusTestResource(
        value = ServiceTestResource.class,
        initArgs = @ResourceArg(name = "database", value = "tap_policy"))
@QuarkusTestResource(FollowersOfTests.class)
class PublishedEventsIT {
    @Test
    void a_change_of_the_policy_is_published_with_its_cause() {
        administrator().delete(TAP).then().statusCode(204);
        Response answer = patching("{\"defaultLength\":14}").patch(TAP);
        answer.then().statusCode(204);
        ConsumerRecord<String, byte[]> record = all(Topics.POLICIES).getLast();
        assertThat(record.key()).isEqualTo("temporary-access-pass-policy");
        assertThat(header(record, "ce_type")).isEqualTo("tap.policy-configured.v1");
        assertThat(header(record, "ce_source")).isEqualTo("policy-service");
        assertThat(header(record, "ce_subject")).isEqualTo("temporary-access-pass-policy");
        assertThat(header(record, "ce_actor")).isEqualTo(GRACE);
        assertThat(header(record, "ce_correlationid")).isEqualTo(answer.header("request-id"));
        long revision = Long.parseLong(header(record, "ce_sequence"));
        assertThat(text(record))
                .startsWith("{\"revision\":" + revision + ",\"policy\":{\"state\":\"disabled\"")
                .contains("\"changes\":[{\"member\":\"defaultLength\",\"from\":8,\"to\":14}]");
    }

    @Test
    void names_go_to_the_names_topic_alone_and_are_gone_with_the_user() {
        String name = "ada-" + UUID.randomUUID();
        String id = scim(user(name))
                .post("/scim/v2/Users")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        assertThat(of(Topics.DIRECTORY, id)).singleElement().satisfies(record -> {
            assertThat(header(record, "ce_type")).isEqualTo("tap.user-changed.v1");
            assertThat(text(record))
                    .isEqualTo("{\"userId\":\"" + id
                            + "\",\"active\":true,\"kind\":\"member\",\"administratorRoles\":[],\"groupIds\":[]}");
        });
        assertThat(of(Topics.DIRECTORY_NAMES, id))
                .extracting(PublishedEventsIT::text)
                .containsExactly("{\"userId\":\"" + id + "\",\"userName\":\"" + name + "\",\"externalId\":null}");

        String renamed = "grace-" + UUID.randomUUID();
        scim(user(renamed)).put("/scim/v2/Users/" + id).then().statusCode(200);
        assertThat(of(Topics.DIRECTORY, id)).hasSize(2);
        assertThat(text(of(Topics.DIRECTORY_NAMES, id).getLast())).contains(renamed);

        administrator().delete("/scim/v2/Users/" + id).then().statusCode(204);
        assertThat(header(of(Topics.DIRECTORY, id).getLast(), "ce_type")).isEqualTo("tap.user-removed.v1");
        assertThat(of(Topics.DIRECTORY_NAMES, id).getLast().value()).isNull();
        assertThat(all(Topics.DIRECTORY))
                .noneSatisfy(record -> assertThat(text(record)).contains(name));
    }

    private static String user(String userName) {
        return "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"" + userName + "\"}";
    }

    private static List<ConsumerRecord<String, byte[]>> of(Topic topic, String key) {
        return all(topic).stream().filter(record -> record.key().equals(key)).toList();
    }

    private static List<ConsumerRecord<String, byte[]>> all(Topic topic) {
        return ServiceTestResource.topics().records(topic);
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static String text(ConsumerRecord<?, byte[]> record) {
        return new String(record.value(), StandardCharsets.UTF_8);
    }
}
