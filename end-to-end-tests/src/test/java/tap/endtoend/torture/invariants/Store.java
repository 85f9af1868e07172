package tap.endtoend.torture.invariants;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.jspecify.annotations.Nullable;
import tap.contract.ContractJson;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.SealedPart;

/**
 * What a service's database holds.
 *
 * @param streams the log, each stream in its order, by id
 * @param heads by stream
 * @param parked what could not be applied, in words
 * @param received ids of what was received from other services, {@code source/stream/version} → event id and payload
 * @param copies rows as JSON, table → key → row; only the tables that the service has
 */
public record Store(
        Map<String, List<Event>> streams,
        Map<String, Head> heads,
        List<String> parked,
        Map<String, Received> received,
        Map<String, Map<String, JsonNode>> copies) {

    private static final String EVENTS = """
            SELECT stream_id, version, event_id, type, partition_key, occurred_at, payload::text AS payload, sealed
              FROM event WHERE ?::text[] IS NULL OR partition_key = ANY (?) ORDER BY stream_id, version""";

    private static final String HEADS = """
            SELECT stream_id, version, partition_key, ended, state::text AS state, state_version, sealed, last_event_at
              FROM head WHERE ?::text[] IS NULL OR partition_key = ANY (?)""";

    private static final String PARKED = """
            SELECT stream_id, version, topic, reason FROM parked
             WHERE ?::text[] IS NULL OR partition_key = ANY (?) ORDER BY parked_at""";

    private static final String RECEIVED = """
            SELECT source, stream_id, version, event_id, payload::text AS payload FROM received
             WHERE ?::text[] IS NULL OR coalesce(payload ->> 'userId', stream_id) = ANY (?)""";

    private static final String EXISTS = "SELECT to_regclass(?) IS NOT NULL";

    private static final Pattern INSTANT = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT.*");

    // key and row of each
    private static final Map<String, String> COPIES = Map.of(
            "policy_copy",
            "SELECT 'one', to_jsonb(t) - 'one' FROM policy_copy t WHERE ?::text[] IS NULL OR ?::text[] IS NOT NULL",
            "user_copy",
            "SELECT id::text, to_jsonb(t) - 'id' FROM user_copy t WHERE ?::text[] IS NULL OR id::text = ANY (?)",
            "directory_name",
            "SELECT user_id::text, to_jsonb(t) - 'user_id' FROM directory_name t"
                    + " WHERE ?::text[] IS NULL OR user_id::text = ANY (?)",
            "person",
            "SELECT user_id::text, jsonb_build_object('user_name', user_name, 'external_id', external_id) FROM person"
                    + " WHERE ?::text[] IS NULL OR user_id::text = ANY (?)",
            "allowance_copy",
            "SELECT pass_id::text, to_jsonb(t) - 'pass_id' FROM allowance_copy t"
                    + " WHERE ?::text[] IS NULL OR user_id::text = ANY (?)",
            "open_allowance",
            "SELECT pass_id, jsonb_build_object('ends_at', ends_at) FROM open_allowance LEFT JOIN head ON stream_id = pass_id"
                    + " WHERE ?::text[] IS NULL OR partition_key = ANY (?)");

    /**
     * One event.
     *
     * @param written type, payload as it is published, byte for byte, and the sealed part
     */
    public record Event(
            String streamId,
            long version,
            UUID id,
            String partitionKey,
            Instant occurredAt,
            EventCodec.Written written) {

        String type() {
            return written.type();
        }

        JsonNode content() {
            return json(written.payload());
        }

        @Override
        public String toString() {
            return type() + ", version " + version + " of stream " + streamId;
        }
    }

    /** A row of {@code head}. */
    public record Head(
            long version,
            String partitionKey,
            boolean ended,
            JsonNode state,
            int stateVersion,
            @Nullable SealedPart sealed,
            Instant lastEventAt) {}

    /** A row of {@code received}. */
    public record Received(UUID eventId, String payload) {}

    /** Reads what the connection sees: within a transaction, what it has changed too. */
    public static Store read(Connection connection, Scope scope) throws SQLException {
        Map<String, List<Event>> streams = new LinkedHashMap<>();
        query(
                connection,
                EVENTS,
                scope,
                row -> streams.computeIfAbsent(row.getString("stream_id"), any -> new ArrayList<>())
                        .add(new Event(
                                row.getString("stream_id"),
                                row.getLong("version"),
                                row.getObject("event_id", UUID.class),
                                row.getString("partition_key"),
                                instant(row, "occurred_at"),
                                new EventCodec.Written(
                                        row.getString("type"), row.getString("payload"), sealedPart(row)))));
        Map<String, Head> heads = new TreeMap<>();
        query(
                connection,
                HEADS,
                scope,
                row -> heads.put(
                        row.getString("stream_id"),
                        new Head(
                                row.getLong("version"),
                                row.getString("partition_key"),
                                row.getBoolean("ended"),
                                json(row.getString("state")),
                                row.getInt("state_version"),
                                sealedPart(row),
                                instant(row, "last_event_at"))));
        List<String> parked = new ArrayList<>();
        query(
                connection,
                PARKED,
                scope,
                row -> parked.add("version " + row.getLong("version") + " of stream " + row.getString("stream_id")
                        + " from " + row.getString("topic") + ": " + row.getString("reason")));
        Map<String, Received> received = new TreeMap<>();
        query(
                connection,
                RECEIVED,
                scope,
                row -> received.put(
                        row.getString("source") + "/" + row.getString("stream_id") + "/" + row.getLong("version"),
                        new Received(row.getObject("event_id", UUID.class), row.getString("payload"))));
        return new Store(streams, heads, parked, received, copies(connection, scope));
    }

    /** A stream's events, none if there is no such stream. */
    List<Event> stream(String id) {
        return streams.getOrDefault(id, List.of());
    }

    /** All events, stream by stream. */
    List<Event> events() {
        return streams.values().stream().flatMap(List::stream).toList();
    }

    /** The rows of a table by key, none if the service has no such table. */
    Map<String, JsonNode> copy(String table) {
        return copies.getOrDefault(table, Map.of());
    }

    private static Map<String, Map<String, JsonNode>> copies(Connection connection, Scope scope) throws SQLException {
        Map<String, Map<String, JsonNode>> copies = new TreeMap<>();
        for (Map.Entry<String, String> copy : COPIES.entrySet()) {
            if (exists(connection, copy.getKey())) {
                Map<String, JsonNode> rows = new TreeMap<>();
                query(connection, copy.getValue(), scope, row -> rows.put(row.getString(1), row(row.getString(2))));
                copies.put(copy.getKey(), rows);
            }
        }
        return copies;
    }

    private static boolean exists(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(EXISTS)) {
            statement.setString(1, table);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    private static void query(Connection connection, String sql, Scope scope, RowReader reader) throws SQLException {
        String[] keys = scope.array();
        Array array = keys == null ? null : connection.createArrayOf("text", keys);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, array);
            statement.setArray(2, array);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        }
    }

    static JsonNode json(String text) {
        try {
            return ContractJson.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("stored text is no JSON: " + text, e);
        }
    }

    /** A row as JSON, its instants written as Java does. */
    static JsonNode row(String text) {
        ObjectNode row = (ObjectNode) json(text);
        row.properties().forEach(member -> {
            if (INSTANT.matcher(member.getValue().asText()).matches()) {
                String instant = OffsetDateTime.parse(member.getValue().asText())
                        .toInstant()
                        .toString();
                member.setValue(TextNode.valueOf(instant));
            }
        });
        return row;
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable SealedPart sealedPart(ResultSet row) throws SQLException {
        byte[] bytes = row.getBytes("sealed");
        return bytes == null ? null : SealedPart.of(bytes);
    }

    @FunctionalInterface
    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }
}
