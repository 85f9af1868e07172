package tap.policy.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Singleton;
import tap.graph.error.GraphError;
import tap.graph.error.PathProtocol;
import tap.graph.error.RequestIds;

/** Errors on SCIM paths that arise before or below the SCIM SDK, in SCIM's own form (RFC 7644 §3.12). */
@Singleton
public class ScimProtocol implements PathProtocol {
    /** RFC 7644 §8.1. */
    static final String MEDIA_TYPE = "application/scim+json";

    /** The largest request body. */
    static final long MOST_BYTES = 1_048_576;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Override
    public boolean covers(String path) {
        return PathProtocol.below("/scim", path);
    }

    @Override
    public String errorMediaType() {
        return MEDIA_TYPE;
    }

    @Override
    public long maxBodyBytes() {
        return MOST_BYTES;
    }

    @Override
    public String errorBody(GraphError error, RequestIds ids) {
        ObjectNode body = JSON.createObjectNode();
        body.putArray("schemas").add("urn:ietf:params:scim:api:messages:2.0:Error");
        body.put("status", Integer.toString(error.status()));
        if (error.status() == 400) {
            body.put("scimType", "invalidSyntax");
        }
        body.put("detail", error.detail() == null ? error.message() : error.detail());
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree of strings cannot fail to be written", impossible);
        }
    }
}
