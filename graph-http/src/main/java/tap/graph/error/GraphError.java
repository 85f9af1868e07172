package tap.graph.error;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * One refusal or failure as Microsoft Graph words it: an HTTP status, a code for programs, a message for people.
 *
 * @param status the HTTP status, 400 to 599
 * @param code {@code error.code}
 * @param message {@code error.message}; never a code, a token or a user's name that the caller did not send
 * @param detail {@code error.innerError.message}, or null
 * @param retryAfter sent as {@code Retry-After} in whole seconds, rounded up, or null
 * @see <a href="https://learn.microsoft.com/graph/errors">Microsoft Graph error responses</a>
 */
public record GraphError(
        int status,
        String code,
        String message,
        @Nullable String detail,
        @Nullable Duration retryAfter) {

    /** Refuses what is no error status. */
    public GraphError {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("not an error status: " + status);
        }
    }

    /** Any status with a code and a message of the caller's choice. */
    public static GraphError of(int status, String code, String message) {
        return new GraphError(status, code, message, null, null);
    }

    /** 400: the request itself is wrong; the message names the member and what was expected. */
    public static GraphError badRequest(String message) {
        return of(400, "badRequest", message);
    }

    /** 401: no token, or one that does not verify. */
    public static GraphError unauthenticated(String message) {
        return of(401, "InvalidAuthenticationToken", message);
    }

    /** 403: the permission, the administrator role or the target does not allow it. */
    public static GraphError accessDenied() {
        return of(403, "accessDenied", "Request Authorization failed");
    }

    /** 404: no such user; the key is repeated as the caller sent it. */
    public static GraphError userNotFound(String key) {
        return of(
                404,
                "Request_ResourceNotFound",
                "Resource '" + key
                        + "' does not exist or one of its queried reference-property objects are not present.");
    }

    /** 404: the user exists, the thing asked for does not. */
    public static GraphError notFound(String message) {
        return of(404, "resourceNotFound", message);
    }

    /** 429: too many attempts or requests. */
    public static GraphError tooManyRequests(Duration retryAfter) {
        return ofStatus(429).retryAfter(retryAfter);
    }

    /** 503: cannot be answered now; the same request may succeed later. */
    public static GraphError unavailable(Duration retryAfter) {
        return ofStatus(503).retryAfter(retryAfter);
    }

    /** The error that a bare HTTP status stands for. */
    public static GraphError ofStatus(int status) {
        return switch (status) {
            case 401 -> unauthenticated("Access token is empty.");
            case 403 -> accessDenied();
            case 404 -> notFound("Nothing is served at this path.");
            case 405 -> of(405, "notAllowed", "Specified HTTP method is not allowed for the request target.");
            case 409 -> of(409, "conflict", "The request conflicts with the present state.");
            case 413 -> of(413, "requestTooLarge", "The request body is too large.");
            case 414 -> of(414, "invalidRequest", "The request URI is too long.");
            case 415 -> of(415, "notSupported", "The request body must be sent as application/json.");
            case 431 -> of(431, "invalidRequest", "The header section of the request is too large.");
            case 429 ->
                new GraphError(
                        429,
                        "activityLimitReached",
                        "Too many requests. Wait before trying again.",
                        null,
                        Duration.ofSeconds(1));
            case 503 ->
                new GraphError(
                        503,
                        "serviceNotAvailable",
                        "The service cannot answer now. Try again later.",
                        null,
                        Duration.ofSeconds(1));
            default ->
                status >= 500
                        ? of(status, "generalException", "An unspecified error has occurred.")
                        : of(status, "badRequest", "The request could not be understood.");
        };
    }

    /** The same error with a second, more exact sentence in {@code innerError.message}. */
    public GraphError detail(String text) {
        return new GraphError(status, code, message, text, retryAfter);
    }

    /** The same error, telling the caller when to try again. */
    public GraphError retryAfter(Duration wait) {
        return new GraphError(status, code, message, detail, wait);
    }

    /** To leave a resource method with this error. */
    public GraphException exception() {
        return new GraphException(this);
    }
}
