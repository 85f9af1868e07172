package tap.policy.api;

import java.util.Optional;
import java.util.Set;

import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import tap.graph.GraphRequest;
import tap.graph.access.Caller;
import tap.graph.access.Permission;
import tap.graph.edge.Edge;
import tap.policy.application.ProvisioningClients;

/**
 * Knows provisioning clients by their secret (RFC 7644 §2: a bearer token), on SCIM's paths alone, where it lets them write the
 * directory and nothing else. Whatever it does not know goes on to quarkus-oidc, which takes tokens as everywhere.
 */
@Singleton
class ScimSecretAuthentication implements HttpAuthenticationMechanism {
    private static final String BEARER = "Bearer ";
    // quarkus-oidc, one above the default, refuses what it cannot read
    private static final int BEFORE_OIDC = DEFAULT_PRIORITY + 100;

    private final ProvisioningClients clients;
    private final ScimProtocol scim;

    ScimSecretAuthentication(ProvisioningClients clients, ScimProtocol scim) {
        this.clients = clients;
        this.scim = scim;
    }

    @Override
    public int getPriority() {
        return BEFORE_OIDC;
    }

    @Override
    public Uni<@Nullable SecurityIdentity> authenticate(RoutingContext http, IdentityProviderManager identities) {
        Optional<SecurityIdentity> identity = scim.covers(Edge.path(http))
                ? bearer(http).flatMap(clients::presenting).map(ScimSecretAuthentication::identity)
                : Optional.empty();
        return Uni.createFrom().optional(identity);
    }

    /** None: a 401 is answered as for tokens. */
    @Override
    public Uni<@Nullable ChallengeData> getChallenge(RoutingContext http) {
        return Uni.createFrom().nullItem();
    }

    private static Optional<String> bearer(RoutingContext http) {
        String sent = http.request().getHeader(HttpHeaders.AUTHORIZATION);
        return sent != null && sent.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? Optional.of(sent.substring(BEARER.length()).strip())
                : Optional.empty();
    }

    private static SecurityIdentity identity(String client) {
        Caller caller = new Caller.Application("scim:" + client, Set.of(Permission.DIRECTORY_READ_WRITE_ALL));
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(caller.actor()))
                .addAttribute(GraphRequest.CALLER, caller)
                .build();
    }
}
