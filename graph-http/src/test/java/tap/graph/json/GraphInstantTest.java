package tap.graph.json;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class GraphInstantTest {
    @ParameterizedTest
    @CsvSource({
        "2026-01-02T03:04:05Z, 2026-01-02T03:04:05Z",
        "2026-01-02t03:04:05z, 2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05, 2026-01-02T03:04:05Z",
        "2026-01-02 03:04:05, 2026-01-02T03:04:05Z",
        "2026-01-02 03:04:05Z, 2026-01-02T03:04:05Z",
        "2026-01-02T03:04Z, 2026-01-02T03:04:00Z",
        "2026-01-02T03:04:05+05:30, 2026-01-01T21:34:05Z",
        "2026-01-02 03:04:05 -08:00, 2026-01-02T11:04:05Z",
        "2026-01-02T03:04:05.1Z, 2026-01-02T03:04:05.1Z",
        "2026-01-02T03:04:05.1234567Z, 2026-01-02T03:04:05.1234567Z",
        "2026-01-02T03:04:05.123456789-00:00, 2026-01-02T03:04:05.123456789Z",
        "2028-02-29T23:59:59.999999999+14:00, 2028-02-29T09:59:59.999999999Z",
    })
    void reads_every_form_that_callers_send(String text, String instant) {
        assertThat(GraphInstant.parse(text)).contains(Instant.parse(instant));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tomorrow",
                "2026-01-02",
                "2026-01-0203:04:05Z",
                "2026-01-02T 03:04:05Z",
                "2026-02-29T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-01-02T24:00:00Z",
                "2026-01-02T03:04:60Z",
                "2026-01-02T03:04:05.Z",
                "2026-01-02T03:04:05.1234567891Z",
                "2026-01-02T03:04:05+19:00",
                "2026-01-02T03:04:05 ",
                "2026-01-02T03:04:05Z and more",
                "12026-01-02T03:04:05Z",
                "-2026-01-02T03:04:05Z",
                "1767323045",
            })
    void refuses_what_is_no_moment(String text) {
        assertThat(GraphInstant.parse(text)).isEmpty();
    }

    @Test
    void reads_what_java_writes_at_any_offset_and_precision() {
        long seed = System.nanoTime();
        System.out.println("GraphInstantTest seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            Instant instant = Instant.ofEpochSecond(random.nextLong(0, 4_102_444_800L), random.nextInt(1_000_000_000));
            ZoneOffset offset = ZoneOffset.ofTotalSeconds(random.nextInt(-18 * 60, 18 * 60 + 1) * 60);
            OffsetDateTime written = instant.atOffset(offset);
            assertThat(GraphInstant.parse(written.toString())).as("%s", written).contains(instant);
        }
    }
}
