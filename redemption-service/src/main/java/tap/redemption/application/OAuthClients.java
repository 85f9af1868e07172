package tap.redemption.application;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

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
        if (!client.type().equals("public")) {
            throw new IllegalStateException("tap.clients." + id + ".type must be \"public\", not \"" + client.type()
                    + "\": confidential clients are not supported yet.");
        }
        return new OAuthClient(
                id, client.audience(), client.amr(), client.scopes().orElse(Set.of()));
    }

    /** The client of this id, if there is one. */
    public Optional<OAuthClient> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Every scope that any client may ask for, in order. */
    public Set<String> scopes() {
        return byId.values().stream()
                .flatMap(client -> client.scopes().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
