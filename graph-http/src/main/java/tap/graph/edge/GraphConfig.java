package tap.graph.edge;

import java.net.URI;
import java.util.List;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How this service is seen from outside. */
@ConfigMapping(prefix = "tap.graph")
public interface GraphConfig {
    /**
     * The origin that callers use (the gateway's), without a trailing slash; {@code @odata.context} begins with it. Without it, the
     * {@code X-Forwarded-*} headers count, then the {@code Host} header.
     */
    Optional<URI> publicUrl();

    /** Paths, and all below them, that no protocol of TAP is spoken on: they keep what Quarkus does there. */
    @WithDefault("/q")
    List<String> plainPaths();
}
