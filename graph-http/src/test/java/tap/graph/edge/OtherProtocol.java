package tap.graph.edge;

import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.jspecify.annotations.Nullable;
import tap.graph.error.FailureTranslation;
import tap.graph.error.GraphError;
import tap.graph.error.PathProtocol;
import tap.graph.error.RequestIds;

/** What a service adds: a protocol of its own on some paths, and words for what its libraries throw. */
@Singleton
class OtherProtocol implements PathProtocol, FailureTranslation {
    @Override
    public boolean covers(String path) {
        return PathProtocol.below("/scim", path);
    }

    @Override
    public String errorMediaType() {
        return "application/scim+json";
    }

    @Override
    public String errorBody(GraphError error, RequestIds ids) {
        return "{\"status\":\"" + error.status() + "\"}";
    }

    @Override
    public @Nullable GraphError translate(Throwable failure) {
        return failure instanceof ProbeResource.StoreAway
                ? GraphError.ofStatus(503).detail("the store is away")
                : null;
    }

    @Path("/scim/v2/Users")
    public static class Users {
        @GET
        @Path("/bug")
        public String bug() {
            throw new IllegalStateException("secret detail");
        }
    }
}
