package tap.pass.api;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import tap.graph.error.GraphError;
import tap.graph.json.Members;
import tap.graph.json.RequestBody;

/**
 * Requests that came in one, as Graph's JSON batching has them.
 *
 * @param parts each after all that it depends on
 * @see <a href="https://learn.microsoft.com/graph/json-batching">JSON batching in Microsoft Graph</a>
 */
record BatchRequest(List<Part> parts) {
    /** The most requests of a batch. */
    static final int MOST_PARTS = 20;

    private static final String TYPE = "#microsoft.graph.batchRequestContent";
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");
    // RFC 9110 §5.1 and §5.5
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\t -~]*");
    // of a client no header of these is passed on: they are the connection's, or say who calls and from where
    private static final Pattern NOT_A_PARTS_OWN = Pattern.compile(
            "authorization|host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|content-length|expect|cookie"
                    + "|accept-encoding|forwarded|x-forwarded-.*|proxy-.*");
    private static final Pattern ABSOLUTE = Pattern.compile("^(?://|[A-Za-z][A-Za-z0-9+.-]*:)");
    private static final Pattern ASCII = Pattern.compile("[!-~]+");
    private static final Pattern VERSION = Pattern.compile("/(?:v1\\.0|beta)/.*");
    private static final Pattern DOTS = Pattern.compile("(?i)(?:.*/)?(?:\\.|%2e){1,2}(?:/.*)?");
    private static final Pattern STREAM_OR_BATCH =
            Pattern.compile("(?i)/[^/]+/(?:(?:\\$|%24)batch|temporaryAccessPassMethods/bulk)/?");

    /**
     * One of the requests.
     *
     * @param id known again without regard to case
     * @param method in capitals
     * @param url as called
     * @param headers of the request itself
     * @param body JSON, or {@code null}
     * @param dependsOn ids of others, which must have succeeded
     */
    record Part(
            String id,
            String method,
            String url,
            Map<String, String> headers,
            @Nullable JsonNode body,
            List<String> dependsOn) {
        /** The key by which ids are compared. */
        String key() {
            return id.toLowerCase(Locale.ROOT);
        }

        /**
         * The path and query that are meant.
         *
         * @param version where the url names none
         * @throws tap.graph.error.GraphException 400 for a url that leads elsewhere, or to what cannot be a part of a batch
         */
        String target(String version) {
            String path = url.startsWith("/") ? url : "/" + url;
            if (!VERSION.matcher(path).matches()) {
                path = "/" + version + path;
            }
            try {
                URI uri = new URI(path);
                // a path that could be read as another one, which the gateway may route elsewhere
                if (ABSOLUTE.matcher(url).find()
                        || !ASCII.matcher(url).matches()
                        || uri.getRawFragment() != null
                        || DOTS.matcher(uri.getRawPath()).matches()) {
                    throw elsewhere();
                }
                if (STREAM_OR_BATCH.matcher(uri.getRawPath()).matches()) {
                    throw GraphError.badRequest("Neither a batch nor a bulk can be a part of a batch.")
                            .exception();
                }
                return path;
            } catch (URISyntaxException malformed) {
                throw elsewhere();
            }
        }

        private static RuntimeException elsewhere() {
            return GraphError.badRequest(
                            "The url of the request is not valid. Expected: a relative URL of this API, such"
                                    + " as /users/{id}/authentication/temporaryAccessPassMethods.")
                    .exception();
        }
    }

    /** What the body asks for; 400 for what is no batch: the same id twice, an unknown one, a circle of dependencies. */
    static BatchRequest of(RequestBody body) {
        List<Part> parts = body.read(TYPE, members -> members.list("requests", BatchRequest::part));
        if (parts == null || parts.isEmpty() || parts.size() > MOST_PARTS) {
            throw GraphError.badRequest("The value of 'requests' is not valid. Expected: a list of 1 to " + MOST_PARTS
                            + " requests.")
                    .exception();
        }
        return new BatchRequest(ordered(parts));
    }

    private static Part part(Members members) {
        String id = needed(members, "id", members.text("id", 128));
        String method = needed(members, "method", members.text("method", 16)).toUpperCase(Locale.ROOT);
        if (!METHODS.contains(method)) {
            throw members.expected("method", "one of DELETE, GET, PATCH, POST, PUT");
        }
        String url = needed(members, "url", members.text("url", 8_192));
        Map<String, String> sent = members.textByName("headers", 64, 8_192);
        List<String> dependsOn = members.texts("dependsOn", MOST_PARTS, 128);
        return new Part(
                id,
                method,
                url,
                sent == null ? Map.of() : headers(members, sent),
                members.any("body"),
                dependsOn == null ? List.of() : dependsOn);
    }

    private static String needed(Members members, String name, @Nullable String value) {
        if (value == null) {
            throw members.expected(name, "a text, which every request of a batch has");
        }
        return value;
    }

    private static Map<String, String> headers(Members members, Map<String, String> sent) {
        Map<String, String> headers = new LinkedHashMap<>();
        sent.forEach((name, value) -> {
            if (!HEADER_NAME.matcher(name).matches()
                    || !HEADER_VALUE.matcher(value).matches()) {
                throw members.expected("headers", "names and values of HTTP headers");
            }
            if (!NOT_A_PARTS_OWN.matcher(name.toLowerCase(Locale.ROOT)).matches()) {
                headers.put(name, value);
            }
        });
        return headers;
    }

    private static List<Part> ordered(List<Part> parts) {
        Map<String, Part> left = new LinkedHashMap<>();
        for (Part part : parts) {
            if (left.put(part.key(), part) != null) {
                throw GraphError.badRequest("Two requests have the id '" + part.id() + "'.")
                        .exception();
            }
        }
        Set<String> known = Set.copyOf(left.keySet());
        List<Part> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            int before = ordered.size();
            for (Part part : List.copyOf(left.values())) {
                for (String id : part.dependsOn()) {
                    if (!known.contains(id.toLowerCase(Locale.ROOT))) {
                        throw GraphError.badRequest("The request '" + part.id() + "' depends on '" + id
                                        + "', which is none of the batch.")
                                .exception();
                    }
                }
                if (part.dependsOn().stream().noneMatch(id -> left.containsKey(id.toLowerCase(Locale.ROOT)))) {
                    left.remove(part.key());
                    ordered.add(part);
                }
            }
            if (ordered.size() == before) {
                throw GraphError.badRequest("The request '"
                                + left.values().iterator().next().id()
                                + "' depends on itself, directly or in a circle.")
                        .exception();
            }
        }
        return ordered;
    }
}
