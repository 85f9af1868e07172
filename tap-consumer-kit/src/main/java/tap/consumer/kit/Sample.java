package tap.consumer.kit;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import org.apache.kafka.clients.producer.ProducerRecord;
import tap.contract.ContractJson;
import tap.contract.EventTypes;
import tap.contract.PublicEvent;
import tap.contract.Topic;

/** An event of a history that the kit made up. */
record Sample(
        Topic topic,
        String source,
        String key,
        String subject,
        long sequence,
        UUID id,
        String type,
        Instant time,
        ObjectNode data) {

    static Sample of(
            Topic topic,
            String source,
            Object key,
            Object subject,
            long sequence,
            UUID id,
            Instant time,
            PublicEvent event) {
        return new Sample(
                topic,
                source,
                key.toString(),
                subject.toString(),
                sequence,
                id,
                EventTypes.CLOUD_EVENTS_PREFIX + EventTypes.type(event.getClass()),
                time,
                ContractJson.mapper().valueToTree(event));
    }

    Sample withId(UUID other) {
        return new Sample(topic, source, key, subject, sequence, other, type, time, data);
    }

    Sample withType(String other) {
        return new Sample(topic, source, key, subject, sequence, id, other, time, data);
    }

    Sample with(String member, String value) {
        return new Sample(
                topic,
                source,
                key,
                subject,
                sequence,
                id,
                type,
                time,
                data.deepCopy().put(member, value));
    }

    ProducerRecord<String, byte[]> record(String prefix) {
        return KafkaMessageFactory.createWriter(prefix + topic.name(), key)
                .writeBinary(CloudEventBuilder.v1()
                        .withId(id.toString())
                        .withSource(URI.create(source))
                        .withType(type)
                        .withSubject(subject)
                        .withTime(time.atOffset(ZoneOffset.UTC))
                        .withExtension("sequence", "%019d".formatted(sequence))
                        .withExtension("partitionkey", key)
                        .withExtension("actor", "conformance-kit")
                        .withExtension("correlationid", id.toString())
                        .withData("application/json", json())
                        .build());
    }

    private byte[] json() {
        try {
            return ContractJson.mapper().writeValueAsString(data).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
