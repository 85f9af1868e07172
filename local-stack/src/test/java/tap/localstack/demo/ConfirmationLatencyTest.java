package tap.localstack.demo;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConfirmationLatencyTest {
    @Test
    void the_percentile_is_the_nearest_rank() {
        List<Double> hundred =
                IntStream.rangeClosed(1, 100).mapToObj(i -> (double) i).toList();

        assertThat(ConfirmationLatency.percentile(hundred, 0.50)).isEqualTo(50);
        assertThat(ConfirmationLatency.percentile(hundred, 0.99)).isEqualTo(99);
        assertThat(ConfirmationLatency.percentile(List.of(7.0), 0.99)).isEqualTo(7);
    }
}
