package tap.pass.application;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PassServiceConfigTest {
    private static final Map<String, String> NEEDED =
            Map.of("tap.kafka.bootstrap-servers", "broker:9092", "tap.keys.directory", "/keys");

    @Test
    void the_defaults_are_these() {
        PassServiceConfig config = with(Map.of());
        assertThat(config.topicPrefix()).isEmpty();
        assertThat(config.production()).isFalse();
        assertThat(config.restore().enabled()).isFalse();
        assertThat(config.kafka().bootstrapServers()).isEqualTo("broker:9092");
        assertThat(config.relay().lease()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.relay().batch()).isEqualTo(2_000);
        assertThat(config.confirmation().timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.confirmation().mostWaiting()).isEqualTo(10_000);
        assertThat(config.issuing().limit()).isEqualTo(10_000);
        assertThat(config.issuing().window()).isEqualTo(Duration.ofHours(1));
        assertThat(config.keys().directory()).isEqualTo(Path.of("/keys"));
        assertThat(config.argon2().memoryKib()).isEqualTo(19 * 1_024);
        assertThat(config.argon2().iterations()).isEqualTo(2);
        assertThat(config.argon2().parallelism()).isEqualTo(1);
    }

    @Test
    void a_bad_value_is_named() {
        assertThatThrownBy(() -> with(Map.of("tap.confirmation.timeout", "soon")))
                .hasMessageContaining("tap.confirmation.timeout");
    }

    @ParameterizedTest
    @CsvSource({"tap.issuing.limit, 0", "tap.issuing.limit, -1", "tap.issuing.window, 0s"})
    void nobody_can_be_allowed_nothing(String key, String value) {
        PassServiceConfig.Issuing issuing = with(Map.of(key, value)).issuing();
        assertThatThrownBy(() -> IssuingLimit.requirePositive(issuing)).hasMessageContaining(key);
    }

    @Test
    void a_missing_value_is_named() {
        assertThatThrownBy(() -> of(Map.of("tap.kafka.bootstrap-servers", "broker:9092")))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("tap.keys.directory");
    }

    private static PassServiceConfig with(Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(NEEDED);
        properties.putAll(more);
        return of(properties);
    }

    private static PassServiceConfig of(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(PassServiceConfig.class)
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(PassServiceConfig.class);
    }
}
