package tap.policy.application;

import java.time.Duration;
import java.util.Map;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PolicyServiceConfigTest {
    @Test
    void the_defaults_are_these() {
        PolicyServiceConfig config = with(Map.of("tap.kafka.bootstrap-servers", "broker:9092"));
        assertThat(config.topicPrefix()).isEmpty();
        assertThat(config.production()).isFalse();
        assertThat(config.restore().enabled()).isFalse();
        assertThat(config.kafka().bootstrapServers()).isEqualTo("broker:9092");
        assertThat(config.relay().lease()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.relay().batch()).isEqualTo(2_000);
        assertThat(config.confirmation().timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.confirmation().mostWaiting()).isEqualTo(10_000);
        assertThat(config.confirmation().followers()).containsExactly("pass-service", "redemption-service");
        assertThat(config.scim().clients()).isEmpty();
    }

    @Test
    void a_provisioning_client_is_named_with_its_secrets() {
        PolicyServiceConfig config =
                with(Map.of("tap.kafka.bootstrap-servers", "broker:9092", "tap.scim.clients.entra.secrets", "aa,bb"));
        assertThat(config.scim().clients())
                .hasSize(1)
                .hasEntrySatisfying(
                        "entra", client -> assertThat(client.secrets()).containsExactly("aa", "bb"));
    }

    @Test
    void a_provisioning_client_can_be_told_by_an_environment_variable() {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(PolicyServiceConfig.class)
                .withSources(new EnvConfigSource(
                        Map.of("TAP_KAFKA_BOOTSTRAP_SERVERS", "broker:9092", "TAP_SCIM_CLIENTS_ENTRA_SECRETS", "aa"),
                        300))
                .build();
        assertThat(config.getConfigMapping(PolicyServiceConfig.class).scim().clients())
                .containsOnlyKeys("entra");
    }

    @Test
    void a_bad_value_is_named() {
        assertThatThrownBy(() ->
                        with(Map.of("tap.kafka.bootstrap-servers", "broker:9092", "tap.confirmation.timeout", "soon")))
                .hasMessageContaining("tap.confirmation.timeout");
    }

    @Test
    void a_missing_value_is_named() {
        assertThatThrownBy(() -> with(Map.of()))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("tap.kafka.bootstrap-servers");
    }

    private static PolicyServiceConfig with(Map<String, String> properties) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(PolicyServiceConfig.class)
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build();
        return config.getConfigMapping(PolicyServiceConfig.class);
    }
}
