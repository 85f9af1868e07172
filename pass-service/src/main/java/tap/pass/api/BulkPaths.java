package tap.pass.api;

import java.time.Clock;
import java.util.List;
import java.util.regex.Pattern;

import jakarta.inject.Singleton;
import tap.graph.error.GraphError;
import tap.graph.error.GraphProtocol;
import tap.graph.error.PathProtocol;
import tap.graph.error.RequestIds;

/** Graph is spoken where bulks are posted too, and as large a body is read as the gateway passes on. */
@Singleton
public class BulkPaths implements PathProtocol {
    private static final Pattern PATH = Pattern.compile("/(?:v1\\.0|beta)/temporaryAccessPassMethods/bulk/?");
    private static final long MOST_BYTES = 1024 * 1024L;

    private final PathProtocol graph = new GraphProtocol(List.of(), Clock.systemUTC());

    @Override
    public boolean covers(String path) {
        return PATH.matcher(path).matches();
    }

    @Override
    public String errorMediaType() {
        return graph.errorMediaType();
    }

    @Override
    public String errorBody(GraphError error, RequestIds ids) {
        return graph.errorBody(error, ids);
    }

    @Override
    public long maxBodyBytes() {
        return MOST_BYTES;
    }
}
