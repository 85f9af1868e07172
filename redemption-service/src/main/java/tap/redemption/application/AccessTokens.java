package tap.redemption.application;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.jspecify.annotations.Nullable;
import tap.contract.ContractJson;
import tap.redemption.domain.Pass;

/**
 * Mints access tokens of RFC 9068. Their times are the database's, of the redemption itself, and none outlives its pass.
 */
public final class AccessTokens {
    private static final String TYPE = "at+jwt";
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
        TokenClaims claims = new TokenClaims(
                issuer.toString(),
                pass.userId(),
                audience(client),
                until.getEpochSecond(),
                redeemed.at().getEpochSecond(),
                redeemed.jti(),
                client.id(),
                scope,
                redeemed.at().getEpochSecond(),
                pass.isUsableOnce() ? ONE_TIME : MULTI_USE,
                client.amr());
        return new AccessToken(
                keys.sign(TYPE, json(claims)),
                Math.max(0, until.getEpochSecond() - redeemed.now().getEpochSecond()));
    }

    /** {@code aud} of a client's tokens. */
    String audience(OAuthClient client) {
        return client.audience().orElse(issuer.toString());
    }

    /** The claims of a token that was minted here, whether or not it is still valid; empty for any other text. */
    Optional<TokenClaims> read(String token) {
        return keys.verified(TYPE, token)
                .map(AccessTokens::claims)
                .filter(claims -> claims.issuer().equals(issuer.toString()));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    // Signed by us, so not to be doubted.
    private static TokenClaims claims(String json) {
        try {
            return ContractJson.mapper().readValue(json, TokenClaims.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a token was signed here and cannot be read", e);
        }
    }

    private static String json(TokenClaims claims) {
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
