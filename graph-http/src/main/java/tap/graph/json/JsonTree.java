package tap.graph.json;

import java.io.IOException;
import java.io.UncheckedIOException;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import tap.graph.error.GraphError;
import tap.graph.error.GraphException;

/** Bytes to a tree, refusing what two readers might understand in two ways: repeated members, a second value, odd encodings. */
final class JsonTree {
    /** Graph's own bodies nest three deep. */
    static final int MAX_DEPTH = 16;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(256)
                    .maxStringLength(16_384)
                    .maxNumberLength(64)
                    .build())
            // an exception message must never repeat the body
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private JsonTree() {}

    /**
     * The object that the bytes hold.
     *
     * @throws GraphException 400 if they hold anything else
     */
    static ObjectNode object(byte[] bytes) {
        if (bytes.length == 0) {
            throw refused("Empty Payload. JSON content expected.");
        }
        try (JsonParser parser = JSON.createParser(bytes)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw refused("Empty Payload. JSON content expected.");
            }
            if (first != JsonToken.START_OBJECT) {
                throw refused("The request body must be one JSON object.");
            }
            ObjectNode body = object(parser, "");
            if (parser.nextToken() != null) {
                throw refused("The request body must be one JSON object, with nothing after it.");
            }
            return body;
        } catch (StreamConstraintsException tooMuch) {
            throw refused("Unable to read JSON request payload: nested deeper than " + MAX_DEPTH
                    + " levels, or a name, text or number is too long.");
        } catch (JsonProcessingException malformed) {
            throw refused("Unable to read JSON request payload: malformed at line "
                    + malformed.getLocation().getLineNr() + ", column "
                    + malformed.getLocation().getColumnNr() + ".");
        } catch (NumberFormatException outOfRange) {
            throw refused("Unable to read JSON request payload: the exponent of a number is out of range.");
        } catch (IOException encoding) {
            throw refused("Unable to read JSON request payload: expected UTF-8.");
        }
    }

    private static ObjectNode object(JsonParser parser, String path) throws IOException {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            String memberPath = path.isEmpty() ? name : path + "." + name;
            if (object.has(name)) {
                throw refused("The member '" + Members.shown(memberPath) + "' appears more than once.");
            }
            parser.nextToken();
            object.set(name, value(parser, memberPath));
        }
        return object;
    }

    private static JsonNode value(JsonParser parser, String path) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, path);
            case START_ARRAY -> array(parser, path);
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT -> NODES.numberNode(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDecimalValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                throw new UncheckedIOException(new IOException("no value at " + parser.currentLocation()));
        };
    }

    private static ArrayNode array(JsonParser parser, String path) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser, path + "[" + array.size() + "]"));
        }
        return array;
    }

    private static GraphException refused(String message) {
        return GraphError.badRequest(message).exception();
    }
}
