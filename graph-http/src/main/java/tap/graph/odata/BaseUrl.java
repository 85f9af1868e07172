package tap.graph.odata;

import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** The origin that the caller used, as far as it can be told. */
public final class BaseUrl {
    /** RFC 3986 §3.2.2 and §3.2.3, without user information. */
    private static final Pattern AUTHORITY =
            Pattern.compile("(?:[A-Za-z0-9._~-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(?::[0-9]{1,5})?");

    private static final String NOWHERE = "localhost";

    private BaseUrl() {}

    /**
     * The configured URL; else {@code X-Forwarded-Proto}, {@code X-Forwarded-Host} and {@code X-Forwarded-Port} of the first proxy; else
     * what the connection and the {@code Host} header say. It only ever goes back to the one who sent the headers. What is no
     * authority is passed over.
     *
     * @param headers header name to value, or null
     * @param scheme of the connection
     * @return without a trailing slash
     */
    public static String of(Optional<URI> configured, Function<String, @Nullable String> headers, String scheme) {
        if (configured.isPresent()) {
            return configured.get().toString().replaceAll("/+$", "");
        }
        String forwardedScheme = first(headers.apply("X-Forwarded-Proto"));
        String usedScheme = "https".equalsIgnoreCase(forwardedScheme)
                ? "https"
                : "http".equalsIgnoreCase(forwardedScheme) ? "http" : scheme;
        String forwardedHost = first(headers.apply("X-Forwarded-Host"));
        if (AUTHORITY.matcher(forwardedHost).matches()) {
            return usedScheme + "://" + withPort(forwardedHost, first(headers.apply("X-Forwarded-Port")), usedScheme);
        }
        String host = first(headers.apply("Host"));
        return usedScheme + "://" + (AUTHORITY.matcher(host).matches() ? host : NOWHERE);
    }

    private static String withPort(String host, String port, String scheme) {
        boolean hasPort = host.matches(".*[^:\\[]:[0-9]+");
        boolean usual = port.equals(scheme.equals("https") ? "443" : "80");
        return hasPort || usual || !port.matches("[0-9]{1,5}") ? host : host + ":" + port;
    }

    private static String first(@Nullable String header) {
        return header == null ? "" : header.split(",", 2)[0].strip();
    }
}
