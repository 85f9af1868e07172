package tap.redemption.application;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.jspecify.annotations.Nullable;
import tap.contract.ContractJson;
import tap.redemption.domain.Pass;

/**
 * Mints access tokens of RFC 9068. Their times are the database's, of the redemption itself, and none outlives its pass.
 */
public final class AccessTokens {
    private static final String ONE_TIME = "urn:tap:acr:one-time";
    private static final String MULTI_USE = "urn:tap:acr:multi-use";

    private final SigningKeys keys;
    private final URI issuer;
    private final Duration lifetime;

    /**
     * @param issuer {@code iss}, and {@code aud} of clients that have none
     * @param lifetime how long a token is valid unless its pass ends earlier
     */
    public AccessTokens(SigningKeys keys, URI issuer, Duration lifetime) {
        this.keys = keys;
        this.issuer = issuer;
        this.lifetime = lifetime;
    }

    /**
     * The token of a redemption.
     *
     * @param scope what the client asked for, or {@code null}
     */
    public AccessToken mint(Redemption.Redeemed redeemed, OAuthClient client, @Nullable String scope) {
        Pass pass = redeemed.pass();
        Instant until = earlier(redeemed.at().plus(lifetime), pass.endsAt());
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer.toString());
        claims.put("sub", pass.userId().toString());
        claims.put("aud", client.audience().orElse(issuer.toString()));
        claims.put("exp", until.getEpochSecond());
        claims.put("iat", redeemed.at().getEpochSecond());
        claims.put("jti", redeemed.jti().toString());
        claims.put("client_id", client.id());
        if (scope != null) {
            claims.put("scope", scope);
        }
        claims.put("auth_time", redeemed.at().getEpochSecond());
        claims.put("acr", pass.isUsableOnce() ? ONE_TIME : MULTI_USE);
        claims.put("amr", client.amr());
        return new AccessToken(
                keys.sign("at+jwt", json(claims)),
                Math.max(0, until.getEpochSecond() - redeemed.now().getEpochSecond()));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static String json(Map<String, Object> claims) {
        try {
            return ContractJson.mapper().writeValueAsString(claims);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("claims are no JSON", e);
        }
    }

    /**
     * A token on its way out.
     *
     * @param jwt compact; never logged
     * @param expiresIn seconds
     */
    public record AccessToken(String jwt, long expiresIn) {
        @Override
        public String toString() {
            return "AccessToken[hidden]";
        }
    }
}
