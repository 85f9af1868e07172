package tap.policy.application;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tap.secrets.PresentedSecret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ProvisioningClientsTest {
    private static final String FIRST = "f".repeat(PresentedSecret.SHORTEST);
    private static final String SECOND = "s".repeat(PresentedSecret.LONGEST);

    @Test
    void nobody_is_one_unless_configured() {
        ProvisioningClients none = new ProvisioningClients(Map::of);
        assertThat(none.count()).isZero();
        assertThat(none.presenting(FIRST)).isEmpty();
    }

    @Test
    void each_secret_names_its_client() throws Exception {
        ProvisioningClients clients = with(Map.of("entra", List.of(sha256(FIRST), sha256(SECOND))));
        assertThat(clients.presenting(FIRST)).contains("entra");
        assertThat(clients.presenting(SECOND)).contains("entra");
        assertThat(with(Map.of("entra", List.of(sha256(FIRST)), "okta", List.of(sha256(SECOND))))
                        .presenting(SECOND))
                .contains("okta");
        assertThat(clients.presenting(FIRST.toUpperCase(Locale.ROOT))).isEmpty();
        assertThat(clients.presenting(sha256(FIRST))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"the-secret-itself-in-the-wrong-place", "abc"})
    void what_is_no_hash_is_named_by_its_key_and_not_quoted(String value) {
        assertThatThrownBy(() -> with(Map.of("entra", List.of(value))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .hasMessage("tap.scim.clients.entra.secrets: expected the SHA-256 of a secret, 64 hexadecimal digits");
    }

    private static ProvisioningClients with(Map<String, List<String>> secrets) {
        return new ProvisioningClients(() -> {
            Map<String, PolicyServiceConfig.Scim.Client> clients = new HashMap<>();
            secrets.forEach((name, hashes) -> clients.put(name, () -> hashes));
            return clients;
        });
    }

    private static String sha256(String secret) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
    }
}
