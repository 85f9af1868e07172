package tap.redemption.application;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import tap.secrets.PresentedSecret;
import tap.secrets.SecretHashes;

/** The OAuth clients that are configured. */
public final class OAuthClients {
    private final Map<String, OAuthClient> byId;

    private OAuthClients(Map<String, OAuthClient> byId) {
        this.byId = byId;
    }

    /**
     * Reads the configuration.
     *
     * @throws IllegalStateException naming the key that has a bad value
     */
    public static OAuthClients of(Map<String, RedemptionServiceConfig.Client> configured) {
        return new OAuthClients(configured.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> client(entry.getKey(), entry.getValue()))));
    }

    private static OAuthClient client(String id, RedemptionServiceConfig.Client client) {
        return new OAuthClient(
                id,
                secrets("tap.clients." + id, client),
                client.audience(),
                client.amr(),
                client.scopes().orElse(Set.of()));
    }

    private static Optional<SecretHashes> secrets(String key, RedemptionServiceConfig.Client client) {
        List<String> hashes = client.secrets().orElse(List.of());
        return switch (client.type()) {
            case "public" -> {
                if (!hashes.isEmpty()) {
                    throw new IllegalStateException(
                            key + ".secrets: a public client has none. Set " + key + ".type to \"confidential\".");
                }
                yield Optional.empty();
            }
            case "confidential" -> {
                if (hashes.isEmpty()) {
                    throw new IllegalStateException(key + ".secrets: a confidential client needs at least one.");
                }
                yield Optional.of(SecretHashes.of(key + ".secrets", hashes));
            }
            default ->
                throw new IllegalStateException(
                        key + ".type must be \"public\" or \"confidential\", not \"" + client.type() + "\".");
        };
    }

    /** The client of this id, if there is one. */
    public Optional<OAuthClient> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The confidential client of this id, if this is its secret. It takes the same time whether or not there is such a client. */
    public Optional<OAuthClient> authenticated(String id, String secret) {
        Optional<OAuthClient> client = find(id);
        SecretHashes hashes = client.flatMap(OAuthClient::secrets).orElse(SecretHashes.OF_NOBODY);
        return hashes.include(PresentedSecret.of(secret)) ? client : Optional.empty();
    }

    /** Every scope that any client may ask for, in order. */
    public Set<String> scopes() {
        return byId.values().stream()
                .flatMap(client -> client.scopes().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
