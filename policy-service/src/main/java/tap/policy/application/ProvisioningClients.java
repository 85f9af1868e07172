package tap.policy.application;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import tap.secrets.PresentedSecret;
import tap.secrets.SecretHashes;

/** Who may provision by a secret in place of a token (docs/adr/0014-provisioning-secret.md). */
public final class ProvisioningClients {
    private final Map<String, SecretHashes> secrets = new TreeMap<>();

    /**
     * Takes what is configured.
     *
     * @throws IllegalArgumentException naming the key of what is no SHA-256, and never its value: it may be a secret in the wrong place
     */
    public ProvisioningClients(PolicyServiceConfig.Scim config) {
        config.clients()
                .forEach((client, settings) -> secrets.put(
                        client, SecretHashes.of("tap.scim.clients." + client + ".secrets", settings.secrets())));
    }

    /** How many clients are configured. */
    public int count() {
        return secrets.size();
    }

    /** The name of the client whose secret this is. The time it takes tells nothing of the secrets that are valid. */
    public Optional<String> presenting(String secret) {
        PresentedSecret presented = PresentedSecret.of(secret);
        Optional<String> client = Optional.empty();
        for (Map.Entry<String, SecretHashes> one : secrets.entrySet()) {
            if (one.getValue().include(presented)) {
                client = Optional.of(one.getKey());
            }
        }
        return client;
    }
}
