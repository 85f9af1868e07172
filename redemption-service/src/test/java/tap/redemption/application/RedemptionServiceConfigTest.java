package tap.redemption.application;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;
import tap.redemption.RedemptionProfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RedemptionServiceConfigTest {
    private static final String OLD = "old-secret-with-32-characters-or-more";
    private static final String NEW = "new-secret-with-32-characters-or-more";

    private static RedemptionServiceConfig read(Map<String, String> more) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 300, new DurationConverter())
                .withMapping(RedemptionServiceConfig.class)
                .withDefaultValue("tap.issuer", "https://tap.example")
                .withDefaultValue("tap.kafka.bootstrap-servers", "kafka:9092")
                .withDefaultValue("tap.keys.directory", "/keys")
                .withDefaultValue("tap.signing.directory", "/signing")
                .withDefaultValues(more)
                .build();
        return config.getConfigMapping(RedemptionServiceConfig.class);
    }

    @Test
    void the_defaults_are_these() {
        RedemptionServiceConfig config = read(Map.of());
        assertThat(config.topicPrefix()).isEmpty();
        assertThat(config.production()).isFalse();
        assertThat(config.restore().enabled()).isFalse();
        assertThat(config.restore().complete()).isFalse();
        assertThat(config.issuer()).isEqualTo(URI.create("https://tap.example"));
        assertThat(config.relay().lease()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.relay().batch()).isEqualTo(2_000);
        assertThat(config.tokens().lifetime()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.clients()).isEmpty();
        assertThat(config.argon2().workers()).isEmpty();
        assertThat(config.argon2().queue()).isEmpty();
        assertThat(config.argon2().memoryKib()).isEqualTo(19_456);
        assertThat(config.argon2().iterations()).isEqualTo(2);
        assertThat(config.argon2().parallelism()).isEqualTo(1);
        assertThat(config.sources().trustedProxies()).isEmpty();
        assertThat(config.sources().forwardedHeader()).isEqualTo(SourceAddresses.ForwardedHeader.X_FORWARDED_FOR);
        assertThat(config.sources().burst()).isEqualTo(100);
        assertThat(config.sources().perSecond()).isEqualTo(10);
        assertThat(config.sources().overallBurst()).isEqualTo(500);
        assertThat(config.sources().overallPerSecond()).isEqualTo(50);
        assertThat(config.sources().most()).isEqualTo(10_000);
        assertThat(config.sweeper().interval()).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void a_client_is_public_and_its_tokens_say_otp_and_mfa() {
        OAuthClients clients = OAuthClients.of(read(Map.of("tap.clients.demo.audience", "https://demo.example"))
                .clients());
        OAuthClient demo = clients.find("demo").orElseThrow();
        assertThat(demo.audience()).isEqualTo(Optional.of("https://demo.example"));
        assertThat(demo.amr()).containsExactly("otp", "mfa");
        assertThat(demo.scopes()).isEmpty();
        assertThat(clients.find("other")).isEmpty();
    }

    @Test
    void a_confidential_client_is_known_by_any_of_its_secrets() {
        OAuthClients clients = OAuthClients.of(read(Map.of(
                        "tap.clients.demo.type", "public",
                        "tap.clients.api.type", "confidential",
                        "tap.clients.api.secrets", RedemptionProfile.sha256(OLD) + "," + RedemptionProfile.sha256(NEW)))
                .clients());
        assertThat(clients.authenticated("api", OLD)).isEqualTo(clients.find("api"));
        assertThat(clients.authenticated("api", NEW)).isPresent();
        assertThat(clients.authenticated("api", OLD + "x")).isEmpty();
        assertThat(clients.authenticated("demo", OLD)).isEmpty();
        assertThat(clients.authenticated("nobody", OLD)).isEmpty();
    }

    @Test
    void a_client_that_cannot_be_meant_stops_the_start() {
        refused(Map.of("tap.clients.demo.type", "secretive"), "tap.clients.demo.type");
        refused(Map.of("tap.clients.demo.type", "confidential"), "tap.clients.demo.secrets");
        refused(Map.of("tap.clients.demo.secrets", RedemptionProfile.sha256(OLD)), "tap.clients.demo.secrets");
        refused(
                Map.of("tap.clients.demo.type", "confidential", "tap.clients.demo.secrets", OLD),
                "tap.clients.demo.secrets");
    }

    private static void refused(Map<String, String> configured, String key) {
        assertThatThrownBy(() -> OAuthClients.of(read(configured).clients()))
                .hasMessageContaining(key)
                .hasMessageNotContaining(OLD);
    }

    @Test
    void a_bad_value_names_its_key() {
        assertThatThrownBy(() -> read(Map.of("tap.sources.forwarded-header", "x-real-ip"))
                        .sources())
                .hasStackTraceContaining("tap.sources.forwarded-header");
        assertThatThrownBy(() -> read(Map.of("tap.tokens.lifetime", "soon")).tokens())
                .hasStackTraceContaining("tap.tokens.lifetime");
    }
}
