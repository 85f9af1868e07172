package tap.eventsourcing.relay;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LogCursorTest {
    private final LogCursor between = LogCursor.at("10:20:12");

    @Test
    void a_short_page_ends_the_window_at_once() {
        assertThat(between.after("20:30:", 100, 99, 7)).isEqualTo(LogCursor.at("20:30:"));
    }

    @Test
    void an_empty_page_moves_the_snapshot_too() {
        assertThat(between.after("20:30:", 100, 0, 0)).isEqualTo(LogCursor.at("20:30:"));
    }

    @Test
    void a_full_page_stays_in_its_window_and_keeps_where_it_began() {
        assertThat(between.after("20:30:", 100, 100, 77)).isEqualTo(new LogCursor("10:20:12", "20:30:", 77));
    }

    @Test
    void the_window_keeps_its_end_whatever_commits_meanwhile() {
        LogCursor paging = new LogCursor("10:20:12", "20:30:", 77);

        assertThat(paging.after("40:50:", 100, 100, 200)).isEqualTo(new LogCursor("10:20:12", "20:30:", 200));
        assertThat(paging.after("40:50:", 100, 3, 203)).isEqualTo(LogCursor.at("20:30:"));
    }

    @Test
    void nothing_is_new_below_the_end_of_a_snapshot_in_which_nothing_was_open() {
        LogCursor quiet = LogCursor.at("20:20:");

        assertThat(quiet.hasAll("19")).isTrue();
        assertThat(quiet.hasAll(null)).isTrue();
        assertThat(quiet.hasAll("20")).isFalse();
        assertThat(LogCursor.at("18446744073709551614:18446744073709551614:").hasAll("18446744073709551615"))
                .isFalse();
    }

    @Test
    void what_was_open_in_a_snapshot_may_be_new_however_old_it_is() {
        assertThat(between.hasAll("11")).isFalse();
        assertThat(between.hasAll(null)).isFalse();
    }
}
