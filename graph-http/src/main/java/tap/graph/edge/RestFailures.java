package tap.graph.edge;

import java.util.Optional;

import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkus.security.AuthenticationCompletionException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import tap.graph.error.PathProtocol;

/**
 * Answers what resources throw. Quarkus brings its own mappers for the classes named here, and takes the mapper of the nearest
 * class: each of them has to be taken over by name.
 */
@Singleton
public class RestFailures {
    private final Edge edge;

    RestFailures(Edge edge) {
        this.edge = edge;
    }

    @ServerExceptionMapper
    Response any(Throwable failure, RoutingContext http) {
        return answer(failure, http);
    }

    @ServerExceptionMapper
    Response authenticationFailed(AuthenticationFailedException failure, RoutingContext http) {
        return answer(failure, http);
    }

    @ServerExceptionMapper
    Response authenticationIncomplete(AuthenticationCompletionException failure, RoutingContext http) {
        return answer(failure, http);
    }

    @ServerExceptionMapper
    Response unauthorized(UnauthorizedException failure, RoutingContext http) {
        return answer(failure, http);
    }

    @ServerExceptionMapper
    Response forbidden(ForbiddenException failure, RoutingContext http) {
        return answer(failure, http);
    }

    @ServerExceptionMapper
    Response mismatchedInput(MismatchedInputException failure, RoutingContext http) {
        return answer(failure, http);
    }

    @ServerExceptionMapper
    Response notFound(NotFoundException failure, RoutingContext http) {
        return answer(failure, http);
    }

    @ServerExceptionMapper
    Response status(WebApplicationException failure, RoutingContext http) {
        return answer(failure, http);
    }

    /** The answer in the protocol of the request's path; for a service that has a mapper of its own before this one. */
    public Response answer(Throwable failure, RoutingContext http) {
        Optional<PathProtocol> protocol = edge.protocolAt(Edge.path(http));
        Response.ResponseBuilder response;
        if (failure instanceof WebApplicationException own) {
            if (protocol.isEmpty() || own.getResponse().getStatus() < 400) {
                return own.getResponse();
            }
            response = Response.fromResponse(own.getResponse());
        } else if (protocol.isEmpty()) {
            return Response.serverError().build();
        } else {
            response = Response.ok();
        }
        Edge.Answer answer = edge.answer(protocol.get(), failure, http);
        response.status(answer.status()).entity(answer.body());
        if (answer.status() == Response.Status.METHOD_NOT_ALLOWED.getStatusCode()) {
            response.header(HttpHeaders.ALLOW, String.join(", ", AllowedMethods.ofPresentRequest()));
        }
        answer.headers().forEach((name, value) -> {
            if (name.equals(HttpHeaders.CONTENT_TYPE)) {
                response.type(value);
            } else {
                response.header(name, null).header(name, value);
            }
        });
        return response.build();
    }
}
