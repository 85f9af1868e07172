package tap.redemption.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;
import tap.redemption.application.OAuthClient;
import tap.redemption.application.OAuthClients;

/**
 * Finds out which client a request comes from (RFC 6749 §2.3): a public one says its {@code client_id}, a confidential one presents its
 * secret besides, in the header {@code Authorization} or in the form. An unknown client, a wrong secret, one that is missing and one of
 * a client that has none are one answer, after the same work.
 */
final class ClientAuthentication {
    /** How a confidential client may authenticate, as metadata (RFC 8414) call it. */
    static final List<String> METHODS = List.of("client_secret_basic", "client_secret_post");

    /** The same, and that of public clients. */
    static final List<String> METHODS_OR_NONE = List.of("none", "client_secret_basic", "client_secret_post");

    private static final String BASIC = "Basic ";

    private ClientAuthentication() {}

    /**
     * The client, public or confidential.
     *
     * @throws OAuthException {@code invalid_client} if it is unknown or did not authenticate as it must, {@code invalid_request} if it
     *     tried more than one way
     */
    static OAuthClient of(RoutingContext http, OAuthForm form, OAuthClients clients) {
        return of(http.request().headers().getAll("Authorization"), form, clients);
    }

    /**
     * The client, which must be a confidential one.
     *
     * @throws OAuthException as {@link #of}
     */
    static OAuthClient confidential(RoutingContext http, OAuthForm form, OAuthClients clients) {
        OAuthClient client = of(http, form, clients);
        if (!client.isConfidential()) {
            throw refused();
        }
        return client;
    }

    /** @param authorization each value of the header that was sent */
    static OAuthClient of(List<String> authorization, OAuthForm form, OAuthClients clients) {
        String secret = form.optional("client_secret");
        boolean assertion = form.optional("client_assertion") != null || form.optional("client_assertion_type") != null;
        if (authorization.size() + (secret == null ? 0 : 1) + (assertion ? 1 : 0) > 1) {
            throw OAuthError.invalidRequest("A client authenticates in one way at a time.")
                    .exception();
        }
        if (assertion) {
            throw OAuthError.invalidClient("Assertions of clients are not supported.")
                    .exception();
        }
        if (authorization.size() == 1) {
            return basic(authorization.getFirst(), form.optional("client_id"), clients);
        }
        String id = form.required("client_id");
        if (secret == null) {
            return clients.find(id)
                    .filter(client -> !client.isConfidential())
                    .orElseThrow(ClientAuthentication::refused);
        }
        return clients.authenticated(id, secret).orElseThrow(ClientAuthentication::refused);
    }

    // RFC 6749 §2.3.1: id and secret are form-urlencoded before they are joined as RFC 7617 says.
    private static OAuthClient basic(String header, @Nullable String idInForm, OAuthClients clients) {
        String pair = pair(header).orElseThrow(ClientAuthentication::refused);
        int colon = pair.indexOf(':');
        if (colon < 0) {
            throw refused();
        }
        String id = OAuthForm.decoded(pair.substring(0, colon)).orElseThrow(ClientAuthentication::refused);
        String secret = OAuthForm.decoded(pair.substring(colon + 1)).orElseThrow(ClientAuthentication::refused);
        if (idInForm != null && !idInForm.equals(id)) {
            throw OAuthError.invalidRequest("The client_id is not that of the header Authorization.")
                    .exception();
        }
        return clients.authenticated(id, secret).orElseThrow(ClientAuthentication::refused);
    }

    private static Optional<String> pair(String header) {
        if (!header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return Optional.empty();
        }
        try {
            byte[] decoded =
                    Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decoded))
                    .toString());
        } catch (IllegalArgumentException | CharacterCodingException malformed) {
            return Optional.empty();
        }
    }

    private static OAuthException refused() {
        return OAuthError.invalidClient("The client is unknown, or did not authenticate as it must.")
                .exception();
    }
}
