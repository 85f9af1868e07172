package tap.graph.edge;

import java.io.ByteArrayInputStream;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Hands Jakarta REST the body that the edge has read. The body of a RoutingContext will not do: Quarkus loses the tail of one of more
 * than 10 KB, and waits for ever for an empty one.
 */
@Singleton
public class BufferedBody {
    static final String KEY = BufferedBody.class.getName();

    @ServerRequestFilter(preMatching = true)
    void give(ContainerRequestContext request, RoutingContext http) {
        Buffer body = http.get(KEY);
        if (body != null) {
            request.setEntityStream(new ByteArrayInputStream(body.getBytes()));
        }
    }
}
