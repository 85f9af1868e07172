package tap.redemption.api;

import java.time.Duration;

import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import tap.codes.Argon2PoolFull;
import tap.eventsourcing.StoreFailures;
import tap.eventsourcing.Unavailable;
import tap.graph.edge.RestFailures;

/** Every failure of an OAuth path in RFC 6749's form; never a stack trace. */
@Singleton
public class OAuthFailures {
    private static final Logger LOG = Logger.getLogger(OAuthFailures.class);
    /** graph-http brings mappers of the same classes, for the paths where Graph is spoken. */
    private static final int BEFORE_GRAPH = Priorities.USER - 1;

    private final RestFailures others;

    OAuthFailures(RestFailures others) {
        this.others = others;
    }

    @ServerExceptionMapper(priority = BEFORE_GRAPH)
    Response any(Throwable failure, RoutingContext http) {
        return OAuthEdge.isOurs(http) ? answer(of(failure)) : others.answer(failure, http);
    }

    @ServerExceptionMapper(priority = BEFORE_GRAPH)
    Response notFound(NotFoundException failure, RoutingContext http) {
        return OAuthEdge.isOurs(http) ? answer(ofStatus(404)) : others.answer(failure, http);
    }

    @ServerExceptionMapper(priority = BEFORE_GRAPH)
    Response status(WebApplicationException failure, RoutingContext http) {
        Response own = failure.getResponse();
        if (!OAuthEdge.isOurs(http)) {
            return others.answer(failure, http);
        }
        if (own.getStatus() < 400) {
            return own;
        }
        OAuthError error = ofStatus(own.getStatus());
        Response.ResponseBuilder answer = Response.fromResponse(own)
                .status(error.status())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(error.body());
        if (error.status() == 405) {
            // RFC 9110 §15.5.6 wants it, Quarkus leaves it out
            answer.header("Allow", OAuthEdge.isEndpoint(http) ? "POST" : "GET, HEAD");
        }
        return answer.build();
    }

    static OAuthError of(Throwable failure) {
        if (failure instanceof OAuthException oauth) {
            return oauth.error();
        }
        if (failure instanceof Argon2PoolFull full) {
            return OAuthError.unavailable(full.retryAfter());
        }
        if (failure instanceof Unavailable unavailable) {
            LOG.warnf("answered 503: %s", unavailable.getMessage());
            return OAuthError.unavailable(unavailable.retryAfter());
        }
        if (StoreFailures.passes(failure)) {
            LOG.warnf("answered 503: %s", failure.getMessage());
            return OAuthError.unavailable(Duration.ofSeconds(1));
        }
        LOG.error("answered 500", failure);
        return OAuthError.unexpected();
    }

    static OAuthError ofStatus(int status) {
        return switch (status) {
            case 404 -> OAuthError.invalidRequest(404, "There is no such endpoint.");
            case 405 -> OAuthError.invalidRequest(405, "The endpoint does not take this method.");
            case 413 ->
                OAuthError.invalidRequest(413, "The body has more than " + OAuthEdge.MOST_BODY_BYTES + " bytes.");
            default ->
                status < 500 ? OAuthError.invalidRequest(status, "The request is malformed.") : OAuthError.unexpected();
        };
    }

    private static Response answer(OAuthError error) {
        Response.ResponseBuilder answer = Response.status(error.status())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(error.body());
        error.headers().forEach(answer::header);
        return answer.build();
    }
}
