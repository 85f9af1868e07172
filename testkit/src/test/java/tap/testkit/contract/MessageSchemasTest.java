package tap.testkit.contract;

import java.util.List;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tap.contract.EventTypes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MessageSchemasTest {
    private final MessageSchemas schemas = new MessageSchemas();

    @Test
    void a_message_as_promised_breaks_nothing() {
        assertThat(violations(Messages.revoked("", Messages.revocation()))).isEmpty();
    }

    @Test
    void what_a_message_breaks_is_named_without_its_value() {
        String broken = Messages.revocation()
                .replace("\"deleted\"", "\"adele.vance@tap.example\"")
                .replace("\"revokedAt\"", "\"at\"");
        assertThat(violations(Messages.revoked("", broken)))
                .hasSize(2)
                .anySatisfy(violation -> assertThat(violation).contains("reason", "enum"))
                .anySatisfy(violation -> assertThat(violation).contains("revokedAt", "required"))
                .noneSatisfy(violation -> assertThat(violation).contains("adele"));
    }

    @Test
    void formats_are_part_of_the_promise() {
        String broken = Messages.revocation().replace("2026-11-23T09:15:30Z", "yesterday");
        assertThat(violations(Messages.revoked("", broken)))
                .anySatisfy(violation -> assertThat(violation).contains("revokedAt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{} {}", "pass"})
    void what_is_not_json_is_said_to_be(String payload) {
        assertThat(violations(Messages.revoked("", payload))).hasSize(1);
    }

    @Test
    void a_type_without_a_schema_breaks_the_contract() {
        assertThat(violations(Messages.message("", "weather.v9", "{}")))
                .singleElement()
                .asString()
                .contains("weather.v9");
    }

    @Test
    void a_message_that_is_no_cloud_event_breaks_the_contract() {
        assertThat(violations(new ProducerRecord<>("tap.passes", "key", new byte[0])))
                .singleElement()
                .asString()
                .contains("ce_type");
    }

    @Test
    void the_key_is_the_partition_key() {
        ProducerRecord<String, byte[]> right = Messages.revoked("", Messages.revocation());
        ProducerRecord<String, byte[]> wrong =
                new ProducerRecord<>(right.topic(), null, "another", right.value(), right.headers());
        assertThat(violations(wrong)).singleElement().asString().contains("ce_partitionkey");
    }

    @Test
    void only_names_may_be_removed_by_a_tombstone() {
        assertThat(violations(Messages.tombstone(EventTypes.DIRECTORY_NAME))).isEmpty();
        assertThat(violations(Messages.tombstone("pass-revoked.v1"))).hasSize(1);
    }

    @Test
    void where_a_schema_must_be_obeyed_a_message_that_breaks_it_is_named_with_its_place() {
        assertThatThrownBy(() -> schemas.requireObeyed(Messages.received(Messages.revoked("", "{}"))))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("tap.passes/0/0", "userId", "passId");
        assertThatCode(() -> schemas.requireObeyed(Messages.received(Messages.revoked("", Messages.revocation()))))
                .doesNotThrowAnyException();
    }

    private List<String> violations(ProducerRecord<String, byte[]> message) {
        return schemas.violations(Messages.received(message));
    }
}
