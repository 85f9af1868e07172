package tap.localstack.infrastructure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ClassArchiveTest {
    private static final byte[] WHOLE = {1, 2, 3, 4, 5};
    private static final byte[] CUT_SHORT = {0, 0, 0, 0, 5};

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    @SuppressWarnings("NullAway.Init") // made before each test
    private ClassArchive archive;

    @BeforeEach
    void programThatWasBuiltAMinuteAgo() throws IOException {
        Path jar = Files.createFile(folder.resolve("program.jar"));
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minusSeconds(60)));
        archive = ClassArchive.of("program", List.of(jar), folder);
    }

    @AfterEach
    void delete() throws IOException {
        Files.deleteIfExists(archive.kept());
        Files.deleteIfExists(archive.left());
    }

    @Test
    void the_first_run_leaves_an_archive_and_the_next_uses_it_on_any_folder() throws IOException {
        assertThat(archive.use()).isEmpty();
        assertThat(archive.useOrMake()).contains("-XX:ArchiveClassesAtExit=" + archive.left());

        Files.write(archive.left(), WHOLE);
        ClassArchive.keep(folder);

        ClassArchive elsewhere = ClassArchive.of("program", archive.classPath(), folder.resolve("elsewhere"));
        assertThat(elsewhere.useOrMake()).isEqualTo(archive.use()).contains("-XX:SharedArchiveFile=" + archive.kept());
    }

    @Test
    void what_runs_on_another_folder_have_left_is_not_touched() throws IOException {
        Files.write(archive.left(), WHOLE);
        ClassArchive.keep(folder.resolve("elsewhere"));

        assertThat(archive.left()).exists();
        assertThat(archive.use()).isEmpty();
    }

    @Test
    void an_archive_older_than_the_program_is_made_anew() throws IOException {
        Files.write(archive.kept(), WHOLE);
        Files.setLastModifiedTime(
                archive.classPath().getFirst(), FileTime.from(Instant.now().plusSeconds(60)));

        assertThat(archive.use()).isEmpty();
        assertThat(archive.useOrMake()).contains("-XX:ArchiveClassesAtExit=" + archive.left());
    }

    @Test
    void an_archive_that_was_cut_short_is_not_kept() throws IOException {
        Files.write(archive.left(), CUT_SHORT);
        ClassArchive.keep(folder);

        assertThat(archive.use()).isEmpty();
    }

    @Test
    void stacks_that_end_at_the_same_time_keep_theirs() throws IOException {
        List<ClassArchive> all = IntStream.range(0, 32)
                .mapToObj(i -> ClassArchive.of("program-" + i, archive.classPath(), folder.resolve("stack-" + i)))
                .toList();
        try {
            for (ClassArchive one : all) {
                Files.write(one.left(), WHOLE);
            }

            IntStream.range(0, all.size()).parallel().forEach(i -> ClassArchive.keep(folder.resolve("stack-" + i)));

            assertThat(all).allSatisfy(one -> assertThat(one.use()).isNotEmpty());
        } finally {
            for (ClassArchive one : all) {
                Files.deleteIfExists(one.kept());
                Files.deleteIfExists(one.left());
            }
        }
    }

    @Test
    void of_classes_in_folders_no_archive_is_made() {
        assertThat(ClassArchive.of("program", List.of(folder), folder).useOrMake())
                .isEmpty();
        assertThat(ClassArchive.of("program", List.of(), folder).useOrMake()).isEmpty();
    }
}
