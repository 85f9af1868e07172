package tap.testkit.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import tap.contract.EventTypes;

/**
 * Holds messages against the JSON Schemas of {@code event-contract}, formats included, as a consumer of another team would who has
 * nothing but the schemas.
 */
public final class MessageSchemas {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private static final SchemaValidatorsConfig FORMATS_TOO =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    private final Map<String, Optional<JsonSchema>> schemas = new ConcurrentHashMap<>();

    /**
     * What a message breaks of the promises of its type.
     *
     * @return one sentence each, with the place in the document but never its value, for it may be personal or secret; empty if
     *     the message is as promised
     */
    public List<String> violations(ConsumerRecord<String, byte[]> message) {
        String type = header(message, "ce_type");
        if (type == null || !type.startsWith(EventTypes.CLOUD_EVENTS_PREFIX)) {
            return List.of("ce_type is " + (type == null ? "missing" : "not one of TAP's: " + type));
        }
        if (message.key() == null || !message.key().equals(header(message, "ce_partitionkey"))) {
            return List.of("the key is not ce_partitionkey");
        }
        String stored = type.substring(EventTypes.CLOUD_EVENTS_PREFIX.length());
        Optional<JsonSchema> schema = schemas.computeIfAbsent(stored, MessageSchemas::schema);
        if (schema.isEmpty()) {
            return List.of("there is no schema of " + stored);
        }
        if (message.value() == null) {
            return stored.equals(EventTypes.DIRECTORY_NAME) ? List.of() : List.of("an event has no value");
        }
        try {
            return schema.get().validate(MAPPER.readTree(message.value())).stream()
                    .map(MessageSchemas::withoutValue)
                    .sorted()
                    .toList();
        } catch (JsonProcessingException e) {
            return List.of("the value is not JSON");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Holds a message against its schema.
     *
     * @throws AssertionError with its place and what it breaks
     */
    public void requireObeyed(ConsumerRecord<String, byte[]> message) {
        List<String> violations = violations(message);
        if (!violations.isEmpty()) {
            throw new AssertionError(message.topic() + "/" + message.partition() + "/" + message.offset() + ": "
                    + String.join("; ", violations));
        }
    }

    private static String withoutValue(ValidationMessage violation) {
        String property = violation.getProperty();
        return violation.getInstanceLocation() + (property == null ? "" : "." + property) + " breaks "
                + violation.getEvaluationPath();
    }

    private static Optional<JsonSchema> schema(String type) {
        try (InputStream schema = EventTypes.class.getClassLoader().getResourceAsStream(EventTypes.schema(type))) {
            if (schema == null) {
                return Optional.empty();
            }
            JsonNode document = MAPPER.readTree(schema);
            return Optional.of(FACTORY.getSchema(document, FORMATS_TOO));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable String header(ConsumerRecord<?, ?> message, String name) {
        Header header = message.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
