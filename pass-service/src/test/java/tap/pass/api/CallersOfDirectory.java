package tap.pass.api;

import java.util.Map;

import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.jwt.JsonWebToken;
import tap.graph.GraphRequest;
import tap.graph.access.AccessConfig;
import tap.graph.access.Callers;
import tap.testkit.infrastructure.TestTokens;

/** Reads marked tokens as with {@code tap.access.roles-from=directory}, so that both ways are tested in one start of the service. */
@ApplicationScoped
public class CallersOfDirectory implements SecurityIdentityAugmentor {
    private static final String MARK = "test_roles_from_directory";

    private final Callers callers = new Callers(new SmallRyeConfigBuilder()
            .withMapping(AccessConfig.class)
            .withSources(new PropertiesConfigSource(Map.of("tap.access.roles-from", "directory"), "test", 100))
            .build()
            .getConfigMapping(AccessConfig.class));

    static TestTokens mark(TestTokens token) {
        return token.claim(MARK, true);
    }

    @Override
    public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
        return Uni.createFrom()
                .item(
                        identity.getPrincipal() instanceof JsonWebToken token && token.containsClaim(MARK)
                                ? QuarkusSecurityIdentity.builder(identity)
                                        .addAttribute(
                                                GraphRequest.CALLER,
                                                callers.read(claim -> token.<Object>getClaim(claim)))
                                        .build()
                                : identity);
    }
}
