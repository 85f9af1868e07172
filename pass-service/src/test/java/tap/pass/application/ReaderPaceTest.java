package tap.pass.application;

import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReaderPaceTest {
    private static final long PATIENCE = ReaderPace.PATIENCE.toNanos();
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final ReaderPace pace = new ReaderPace(now::get);

    @Test
    void who_waits_for_a_line_reads_however_long_it_takes() {
        pace.asked();
        now.addAndGet(10 * PATIENCE);
        assertThat(pace.stalled()).isFalse();
    }

    @Test
    void who_takes_no_line_for_a_minute_reads_no_more_until_asking_again() {
        pace.asked();
        pace.handedOver();
        now.addAndGet(PATIENCE);
        assertThat(pace.stalled()).isFalse();
        now.addAndGet(1);
        assertThat(pace.stalled()).isTrue();
        pace.asked();
        assertThat(pace.stalled()).isFalse();
    }
}
