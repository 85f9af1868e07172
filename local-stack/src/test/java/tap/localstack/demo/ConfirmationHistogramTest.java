package tap.localstack.demo;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConfirmationHistogramTest {
    private static final String METRICS = """
            # TYPE tap_confirmation_seconds histogram
            tap_confirmation_seconds_bucket{operation="issue",outcome="confirmed",le="0.01"} 50
            tap_confirmation_seconds_bucket{operation="issue",outcome="confirmed",le="0.02"} 98
            tap_confirmation_seconds_bucket{operation="issue",outcome="confirmed",le="0.04"} 99
            tap_confirmation_seconds_bucket{operation="issue",outcome="confirmed",le="+Inf"} 100
            tap_confirmation_seconds_bucket{operation="issue",outcome="pending",le="0.01"} 7
            tap_confirmation_seconds_bucket{operation="delete",outcome="confirmed",le="0.01"} 7
            """;

    private final ConfirmationHistogram histogram = ConfirmationHistogram.parse(METRICS, "issue");

    @Test
    void a_share_is_confirmed_within_the_bound_of_its_bucket() {
        assertThat(histogram.total()).isEqualTo(100);
        assertThat(histogram.withinMillis(0.50)).isEqualTo(10);
        assertThat(histogram.withinMillis(0.98)).isEqualTo(20);
        assertThat(histogram.withinMillis(0.99)).isEqualTo(40);
        assertThat(histogram.withinMillis(1.00)).isInfinite();
    }

    @Test
    void what_was_counted_before_is_left_out() {
        ConfirmationHistogram earlier = ConfirmationHistogram.parse(
                METRICS.replace("} 50", "} 49")
                        .replace("} 98", "} 95")
                        .replace("} 99", "} 96")
                        .replace("} 100", "} 96"),
                "issue");

        ConfirmationHistogram later = histogram.since(earlier);

        assertThat(later.total()).isEqualTo(4);
        assertThat(later.withinMillis(0.25)).isEqualTo(10);
        assertThat(later.withinMillis(0.75)).isEqualTo(20);
        assertThat(later.withinMillis(0.99)).isInfinite();
    }

    @Test
    void nothing_counted_has_no_bound() {
        assertThat(ConfirmationHistogram.parse("", "issue").withinMillis(0.99)).isNaN();
    }
}
