package tap.redemption.application;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import tap.secrets.SecretHashes;

/**
 * An OAuth client (RFC 6749 §2.1), from configuration.
 *
 * @param id {@code client_id}
 * @param secrets what a confidential client authenticates with; empty if it is public
 * @param audience {@code aud} of its tokens; the issuer if empty
 * @param amr {@code amr} of its tokens (RFC 8176)
 * @param scopes what it may ask for
 */
public record OAuthClient(
        String id, Optional<SecretHashes> secrets, Optional<String> audience, List<String> amr, Set<String> scopes) {
    /** Copies the collections. */
    public OAuthClient {
        amr = List.copyOf(amr);
        scopes = Set.copyOf(scopes);
    }

    /** Whether it must authenticate. */
    public boolean isConfidential() {
        return secrets.isPresent();
    }
}
