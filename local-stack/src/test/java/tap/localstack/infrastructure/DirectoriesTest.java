package tap.localstack.infrastructure;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DirectoriesTest {
    private static final Path NOT_THERE = Path.of(System.getProperty("java.io.tmpdir"), "not", "there");

    @Test
    void a_full_disk_is_named_with_what_is_needed_and_what_to_do() {
        assertThatThrownBy(() -> Directories.requireRoom(NOT_THERE, Long.MAX_VALUE))
                .isInstanceOf(LocalStackException.class)
                .hasMessageContaining("No room on the disk: " + NOT_THERE)
                .hasMessageContaining("--data");
    }

    @Test
    void a_folder_that_does_not_exist_yet_has_the_room_of_its_disk() {
        assertThatNoException().isThrownBy(() -> Directories.requireRoom(NOT_THERE, 1));
    }
}
