package tap.graph.error;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkus.oidc.OIDCException;
import io.quarkus.security.AuthenticationCompletionException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.ws.rs.WebApplicationException;

/** Turns whatever was thrown into the one {@link GraphError} that the caller is told. */
public final class Failures {
    private static final Duration PROVIDER_AWAY = Duration.ofSeconds(5);
    private static final int MAX_CAUSES = 8;

    private final List<FailureTranslation> translations;

    /** Asks the services' own translations first, in their order. */
    public Failures(List<FailureTranslation> translations) {
        this.translations = List.copyOf(translations);
    }

    /**
     * The error for a failure.
     *
     * @param tokenSent whether the request carried an {@code Authorization} header: the message differs
     * @return empty for what nobody expected: answer 500, and log it
     */
    public Optional<GraphError> expected(Throwable failure, boolean tokenSent) {
        return translations.stream()
                .map(translation -> translation.translate(failure))
                .filter(Objects::nonNull)
                .findFirst()
                .or(() -> known(failure, tokenSent));
    }

    private static Optional<GraphError> known(Throwable failure, boolean tokenSent) {
        return switch (failure) {
            case GraphException answer -> Optional.of(answer.error());
            // the token cannot be judged while the provider's keys cannot be read; that is nobody's bad token
            case AuthenticationFailedException e
            when causedByProvider(e) -> Optional.of(GraphError.unavailable(PROVIDER_AWAY));
            case OIDCException _ -> Optional.of(GraphError.unavailable(PROVIDER_AWAY));
            case AuthenticationFailedException _ -> Optional.of(unauthenticated(tokenSent));
            case AuthenticationCompletionException _ -> Optional.of(unauthenticated(tokenSent));
            case UnauthorizedException _ -> Optional.of(unauthenticated(tokenSent));
            case ForbiddenException _ -> Optional.of(GraphError.accessDenied());
            case InvalidDefinitionException _ -> Optional.empty();
            case MismatchedInputException _ -> Optional.of(unreadable());
            case StreamReadException _ -> Optional.of(unreadable());
            case WebApplicationException e
            when e.getResponse().getStatus() == 401 -> Optional.of(unauthenticated(tokenSent));
            case WebApplicationException e
            when e.getResponse().getStatus() >= 400 && e.getResponse().getStatus() != 500 ->
                Optional.of(GraphError.ofStatus(e.getResponse().getStatus()));
            default -> Optional.empty();
        };
    }

    private static GraphError unauthenticated(boolean tokenSent) {
        return GraphError.unauthenticated(tokenSent ? "Access token validation failure." : "Access token is empty.");
    }

    private static GraphError unreadable() {
        return GraphError.badRequest("Unable to read JSON request payload.");
    }

    private static boolean causedByProvider(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            if (cause instanceof OIDCException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
