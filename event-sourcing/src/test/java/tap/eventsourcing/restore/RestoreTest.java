package tap.eventsourcing.restore;

import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RestoreTest {
    @Test
    void a_cursor_behind_everything_is_the_snapshot_of_now() {
        assertThat(Restore.behindAllBut("100:110:103,105", Set.of())).isEqualTo("100:110:103,105");
        assertThat(Restore.behindAllBut("100:100:", Set.of())).isEqualTo("100:100:");
    }

    @Test
    void what_was_not_published_counts_as_open() {
        assertThat(Restore.behindAllBut("103:110:103,105", Set.of(50L, 104L, 109L)))
                .isEqualTo("50:110:50,103,104,105,109");
        assertThat(Restore.behindAllBut("100:100:", Set.of(99L))).isEqualTo("99:100:99");
    }
}
