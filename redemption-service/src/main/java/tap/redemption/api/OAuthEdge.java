package tap.redemption.api;

import java.util.Set;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;
import tap.eventsourcing.Ids;

/**
 * What meets every request before any resource, and catches what no resource saw: ids, the limit of bodies, and RFC 6749's form
 * for failures of either. It works on Vert.x routes, because a large body never reaches Jakarta REST.
 */
@ApplicationScoped
public class OAuthEdge {
    /** A form with the longest names and scopes that make sense has a quarter of this. */
    static final int MOST_BODY_BYTES = 16 * 1_024;

    private static final Logger LOG = Logger.getLogger(OAuthEdge.class);
    private static final Logger ACCESS_LOG = Logger.getLogger("tap.access");
    private static final String BODY = "tap.body";
    private static final String CORRELATION_ID = "tap.correlationId";
    private static final String OAUTH = "/oauth2/";
    private static final Set<String> ENDPOINTS =
            Set.of(TokenResource.PATH, IntrospectionResource.PATH, RevocationResource.PATH);
    private static final String WELL_KNOWN = "/.well-known/";
    /** Before Quarkus' own limit, which would answer with an empty body. */
    private static final int FIRST = 1_000;

    private static final int BEFORE_ALL_OTHERS = -10_000;
    /** How long a body that was refused may still arrive, so that the caller reads the answer instead of a reset. */
    private static final long LINGER_MILLIS = 1_000;

    void filters(@Observes Filters filters) {
        filters.register(this::open, FIRST);
    }

    void failures(@Observes Router router) {
        router.route().order(BEFORE_ALL_OTHERS).failureHandler(this::answerFailure);
    }

    /** The id that follows the request through all services. */
    static String correlationId(RoutingContext http) {
        String id = http.get(CORRELATION_ID);
        return id == null ? Ids.next().toString() : id;
    }

    static boolean isOurs(RoutingContext http) {
        String path = http.request().path();
        return path != null && (path.startsWith(OAUTH) || path.startsWith(WELL_KNOWN));
    }

    /** Whether it is for one of the endpoints, which take POST and forms. */
    static boolean isEndpoint(RoutingContext http) {
        return ENDPOINTS.contains(http.request().path());
    }

    private void open(RoutingContext http) {
        if (!isOurs(http)) {
            http.next();
            return;
        }
        String id = Ids.next().toString();
        http.put(CORRELATION_ID, id);
        http.response().putHeader("request-id", id);
        if (!http.request().path().startsWith(OAUTH)) {
            http.next();
            return;
        }
        http.response().putHeader("Cache-Control", "no-store").putHeader("Pragma", "no-cache");
        long arrived = System.nanoTime();
        http.addEndHandler(end -> ACCESS_LOG.infof(
                "%s %s %d %.1f ms request-id=%s",
                http.request().method(),
                isEndpoint(http) ? http.request().path() : OAUTH + "...",
                http.response().getStatusCode(),
                (System.nanoTime() - arrived) / 1e6,
                id));
        readBody(http);
    }

    // By hand: Vert.x' body handler decodes forms on the way, with limits of its own that it answers with a 500.
    private static void readBody(RoutingContext http) {
        HttpServerRequest request = http.request();
        Buffer body = Buffer.buffer();
        request.exceptionHandler(failure -> LOG.debugf("a body ended early: %s", failure.getMessage()));
        request.handler(part -> {
            boolean wasWithin = body.length() <= MOST_BODY_BYTES;
            if (wasWithin) {
                body.appendBuffer(part);
            }
            if (wasWithin && body.length() > MOST_BODY_BYTES) {
                http.fail(413);
            }
        });
        request.endHandler(end -> {
            if (body.length() <= MOST_BODY_BYTES) {
                http.put(BODY, body);
                http.next();
            }
        });
        // Quarkus holds a request back until somebody reads it
        request.resume();
    }

    /**
     * The form that was sent.
     *
     * @throws OAuthException if it is none
     */
    static OAuthForm form(RoutingContext http) {
        Buffer body = http.get(BODY);
        return OAuthForm.of(http.request().getHeader("Content-Type"), body == null ? new byte[0] : body.getBytes());
    }

    private void answerFailure(RoutingContext http) {
        if (!isOurs(http) || http.response().headWritten()) {
            http.next();
            return;
        }
        Throwable failure = http.failure();
        boolean bareStatus = failure == null || failure instanceof HttpException;
        OAuthError error = bareStatus && http.statusCode() >= 400
                ? OAuthFailures.ofStatus(http.statusCode())
                : OAuthFailures.of(failure == null ? new IllegalStateException("failed without a cause") : failure);
        error.headers().forEach((name, value) -> http.response().putHeader(name, value));
        http.response()
                .setStatusCode(error.status())
                .putHeader("Content-Type", "application/json")
                .end(new JsonObject()
                        .put("error", error.error())
                        .put("error_description", error.description())
                        .toBuffer());
        if (error.status() == 413) {
            closeAfterLingering(http);
        }
    }

    private static void closeAfterLingering(RoutingContext http) {
        HttpServerRequest request = http.request();
        if (request.isEnded()) {
            return;
        }
        http.vertx().setTimer(LINGER_MILLIS, timer -> {
            if (!request.isEnded()) {
                request.connection().close();
            }
        });
    }
}
