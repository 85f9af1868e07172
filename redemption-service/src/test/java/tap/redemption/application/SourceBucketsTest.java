package tap.redemption.application;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import io.github.bucket4j.TimeMeter;
import org.junit.jupiter.api.Test;
import tap.redemption.application.SourceBuckets.Limit;
import tap.redemption.application.SourceBuckets.Taken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SourceBucketsTest {
    private static final Source FLOOD = new Source("203.0.113.9");

    private final Watch watch = new Watch();

    private static final class Watch implements TimeMeter {
        private long nanos;

        @Override
        public long currentTimeNanos() {
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }

        void advance(Duration by) {
            nanos += by.toNanos();
        }
    }

    private SourceBuckets buckets(Limit ofSource, Limit ofAll) {
        return new SourceBuckets(ofSource, ofAll, 100, watch);
    }

    private static List<Taken> takeAll(SourceBuckets buckets, Source source, int times) {
        return IntStream.range(0, times)
                .mapToObj(i -> buckets.take(source))
                .flatMap(Optional::stream)
                .toList();
    }

    @Test
    void a_source_gets_its_burst_and_then_its_rate() {
        SourceBuckets buckets = buckets(new Limit(10, 2), new Limit(1_000, 1));
        assertThat(takeAll(buckets, FLOOD, 50)).hasSize(10);
        watch.advance(Duration.ofSeconds(3));
        assertThat(takeAll(buckets, FLOOD, 50)).hasSize(6);
        assertThat(takeAll(buckets, new Source("198.51.100.1"), 50)).hasSize(10);
    }

    @Test
    void what_was_given_back_can_be_taken_again() {
        SourceBuckets buckets = buckets(new Limit(10, 1), new Limit(10, 1));
        for (int i = 0; i < 100; i++) {
            buckets.take(FLOOD).orElseThrow().giveBack();
        }
        assertThat(takeAll(buckets, FLOOD, 50)).isNotEmpty();
    }

    @Test
    void the_last_half_of_the_common_bucket_is_for_those_who_have_asked_little() {
        SourceBuckets buckets = buckets(new Limit(100, 1), new Limit(100, 1));
        // 50 leave the common bucket half full; then whoever has less than half of their own left gets nothing
        assertThat(takeAll(buckets, FLOOD, 1_000)).hasSize(51);
        List<Boolean> newcomers = IntStream.range(0, 49)
                .mapToObj(i -> buckets.take(new Source("198.51.100." + i)).isPresent())
                .toList();
        assertThat(newcomers).containsOnly(true);
        assertThat(buckets.take(new Source("198.51.100.200"))).isEmpty();
    }

    @Test
    void only_so_many_sources_are_known_and_the_oldest_goes() {
        SourceBuckets buckets = new SourceBuckets(new Limit(1, 1), new Limit(1_000, 1), 3, watch);
        assertThat(takeAll(buckets, FLOOD, 2)).hasSize(1);
        IntStream.range(0, 2).forEach(i -> buckets.take(new Source("198.51.100." + i)));
        assertThat(buckets.take(FLOOD)).isEmpty();
        IntStream.range(2, 100).forEach(i -> buckets.take(new Source("198.51.100." + i)));
        assertThat(buckets.known()).isEqualTo(3);
        assertThat(buckets.take(FLOOD)).isPresent();
    }

    @Test
    void a_bucket_that_lets_nothing_through_is_refused() {
        assertThatThrownBy(() -> new Limit(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Limit(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
