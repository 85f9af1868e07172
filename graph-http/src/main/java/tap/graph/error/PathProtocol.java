package tap.graph.error;

/**
 * What is spoken on a set of paths: how errors are written down, and how large a request body may be. Graph is spoken wherever no
 * other protocol is registered; a service registers another one (SCIM, OAuth) as a CDI bean of this type.
 */
public interface PathProtocol {
    /** Enough for every Graph request that TAP serves; a policy with a thousand targets takes 90 KB. */
    long DEFAULT_MAX_BODY_BYTES = 256 * 1024L;

    /** Whether this protocol is spoken at the path (normalised after RFC 3986 §6.2.2, still percent-encoded). */
    boolean covers(String path);

    /** The {@code Content-Type} of errors. */
    String errorMediaType();

    /** The error in the protocol's own form; never empty, never with a stack trace. */
    String errorBody(GraphError error, RequestIds ids);

    /** Larger request bodies are refused with 413, in bytes. */
    default long maxBodyBytes() {
        return DEFAULT_MAX_BODY_BYTES;
    }

    /** Whether every request needs a verified bearer token; without one it is 401, whether there is a resource or not. */
    default boolean requiresToken() {
        return true;
    }

    /** Whether the path is the prefix or lies below it: {@code /scim} and {@code /scim/v2}, but not {@code /scimitar}. */
    static boolean below(String prefix, String path) {
        return path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }
}
