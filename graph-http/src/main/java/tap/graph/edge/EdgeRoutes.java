package tap.graph.edge;

import java.util.Optional;
import java.util.regex.Pattern;

import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import tap.graph.access.Caller;
import tap.graph.error.GraphError;
import tap.graph.error.PathProtocol;
import tap.graph.error.RequestIds;

/**
 * What meets every request before any resource: ids, limits, one line in the access log; and what catches every failure that no
 * resource saw. It works on Vert.x routes, because a refused token, a large body or a bad path never reaches Jakarta REST.
 */
@ApplicationScoped
public class EdgeRoutes {
    private static final String REQUEST_ID = "request-id";
    private static final Logger ACCESS_LOG = Logger.getLogger("tap.access");
    /** Filters run in descending priority; Quarkus authenticates at 200. */
    private static final int BEFORE_AUTHENTICATION = 1_000;
    /** Before Quarkus authorises (100), which would challenge with an empty body. */
    private static final int AFTER_AUTHENTICATION = 150;
    /** After authorisation (100), before Quarkus' own limit (order -2), which would answer with an empty body. */
    private static final int AFTER_AUTHORISATION = 10;

    private static final int BEFORE_ALL_OTHERS = -10_000;
    /** How long a body that was refused may still arrive, so that the caller reads the answer instead of a reset. */
    private static final long LINGER_MILLIS = 1_000;

    private static final Pattern CONTROL_CHARACTER = Pattern.compile("%[01][0-9a-fA-F]|%7[fF]|[\\x00-\\x1f\\x7f]");

    private final Edge edge;
    private final IdentityProviderManager identities;
    private final HeadLimits limits;

    EdgeRoutes(Edge edge, IdentityProviderManager identities, HeadLimits limits) {
        this.limits = limits;
        this.edge = edge;
        this.identities = identities;
    }

    void filters(@Observes Filters filters) {
        filters.register(this::open, BEFORE_AUTHENTICATION);
        filters.register(this::requireToken, AFTER_AUTHENTICATION);
        filters.register(this::readBody, AFTER_AUTHORISATION);
    }

    void failures(@Observes Router router) {
        router.route().order(BEFORE_ALL_OTHERS).failureHandler(this::answerFailure);
        // a bad authority matches no route, not even a failing one
        router.errorHandler(400, this::answerFailure);
    }

    private void open(RoutingContext http) {
        Optional<PathProtocol> protocol = edge.protocolAt(Edge.path(http));
        if (protocol.isEmpty()) {
            http.next();
            return;
        }
        greet(http);
        Optional<GraphError> tooLong = limits.refusal(http.request());
        if (tooLong.isPresent()) {
            write(http, edge.answer(protocol.get(), tooLong.get(), http));
            return;
        }
        // Graph answers in its one form whatever is asked for; nobody gets a 406
        http.request().headers().remove(HttpHeaders.ACCEPT);
        if (holdsControlCharacter(Edge.path(http))) {
            write(
                    http,
                    edge.answer(protocol.get(), GraphError.badRequest("The path holds a control character."), http));
        } else {
            http.next();
        }
    }

    /** Ids, their headers and the line in the log; once a request, also for one that fails before any filter. */
    private static void greet(RoutingContext http) {
        RequestIds ids = Edge.ids(http);
        if (http.response().headers().contains(REQUEST_ID)) {
            return;
        }
        MDC.put("correlationId", ids.requestId());
        http.response().putHeader(REQUEST_ID, ids.requestId());
        if (ids.clientRequestId() != null) {
            http.response().putHeader("client-request-id", ids.clientRequestId());
        }
        // answers carry codes and personal data: no cache keeps any of them
        http.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        long arrived = System.nanoTime();
        http.addEndHandler(end -> logAccess(http, ids, arrived));
    }

    /** Nothing is open by forgetting: who is nobody gets no further, whatever the resource says or does not say. */
    private void requireToken(RoutingContext http) {
        Optional<PathProtocol> protocol = edge.protocolAt(Edge.path(http));
        if (protocol.isEmpty() || !protocol.get().requiresToken()) {
            http.next();
            return;
        }
        QuarkusHttpUser.getSecurityIdentity(http, identities)
                .subscribe()
                .with(
                        identity -> {
                            if (identity == null || identity.isAnonymous()) {
                                write(http, edge.answer(protocol.get(), GraphError.ofStatus(401), http));
                            } else {
                                http.next();
                            }
                        },
                        http::fail);
    }

    /** Reads the body here, so that its limit is ours and what reads it afterwards never waits for it. */
    private void readBody(RoutingContext http) {
        HttpServerRequest request = http.request();
        Optional<PathProtocol> protocol = edge.protocolAt(Edge.path(http));
        if (protocol.isEmpty() || !bodyFollows(request)) {
            http.next();
            return;
        }
        long limit = protocol.get().maxBodyBytes();
        if (announcedLength(request) > limit) {
            http.fail(413);
            return;
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            http.response().writeContinue();
        }
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (http.failed()) {
                return; // drained unread until the connection is closed
            }
            if (body.length() + chunk.length() > limit) {
                http.fail(413);
            } else {
                body.appendBuffer(chunk);
            }
        });
        request.exceptionHandler(gone -> {
            if (!http.failed()) {
                http.fail(400);
            }
        });
        request.endHandler(end -> {
            if (!http.failed()) {
                http.put(BufferedBody.KEY, body);
                http.next();
            }
        });
        request.resume();
    }

    private static long announcedLength(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length); // Netty has refused what is no number
    }

    private static boolean bodyFollows(HttpServerRequest request) {
        return !request.isEnded()
                && (request.headers().contains(HttpHeaders.CONTENT_LENGTH)
                        || request.headers().contains(HttpHeaders.TRANSFER_ENCODING));
    }

    private void answerFailure(RoutingContext http) {
        Optional<PathProtocol> protocol = edge.protocolAt(Edge.path(http));
        if (protocol.isPresent() && http.response().ended()) {
            return; // Quarkus reports a token that it could not judge to the route and to whoever asked for the
            // identity
        }
        if (protocol.isEmpty() || http.response().headWritten()) {
            http.next();
            return;
        }
        greet(http);
        Throwable failure = http.failure();
        // Vert.x gives a status to what it refuses itself, and 500 to whatever was thrown
        boolean refused = http.statusCode() >= 400 && http.statusCode() != 500;
        if (refused && (failure == null || failure instanceof VertxException || failure instanceof HttpException)) {
            write(http, edge.answer(protocol.get(), GraphError.ofStatus(http.statusCode()), http));
        } else {
            Throwable thrown = failure == null ? new IllegalStateException("failed without a cause") : failure;
            write(http, edge.answer(protocol.get(), thrown, http));
        }
    }

    private static void write(RoutingContext http, Edge.Answer answer) {
        answer.headers().forEach((name, value) -> http.response().putHeader(name, value));
        http.response().setStatusCode(answer.status());
        http.response().end(answer.body());
        if (answer.status() == 413) {
            closeAfterLingering(http);
        }
    }

    private static void closeAfterLingering(RoutingContext http) {
        HttpServerRequest request = http.request();
        if (request.isEnded()) {
            return;
        }
        request.resume();
        http.vertx().setTimer(LINGER_MILLIS, timer -> {
            if (!request.isEnded()) {
                request.connection().close();
            }
        });
    }

    private static void logAccess(RoutingContext http, RequestIds ids, long arrived) {
        Caller caller = http.get(Caller.class.getName());
        ACCESS_LOG.infof(
                "%s %s %d %.1f ms request-id=%s client-request-id=%s caller=%s",
                http.request().method(),
                LoggedPath.of(Edge.path(http)),
                http.response().getStatusCode(),
                (System.nanoTime() - arrived) / 1e6,
                ids.requestId(),
                ids.clientRequestId() == null ? "-" : ids.clientRequestId(),
                caller == null ? "-" : caller.actor());
    }

    /** PostgreSQL cannot store U+0000, and no key of ours holds any of its kind. The normalised path is still percent-encoded. */
    private static boolean holdsControlCharacter(String path) {
        return CONTROL_CHARACTER.matcher(path).find();
    }
}
