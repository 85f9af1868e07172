package tap.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

import tap.localstack.infrastructure.Directories;
import tap.localstack.infrastructure.PostgresProcess;

/**
 * A base backup of a running PostgreSQL by its low-level API, as its documentation (25.3.3) says: the files are copied while it
 * works on, and what it wrote meanwhile comes from its write-ahead log.
 */
final class Backup {
    private static final Set<String> NOT_COPIED = Set.of("postmaster.pid", "postmaster.opts", "pg_wal");

    private final Path files;

    private Backup(Path files) {
        this.files = files;
    }

    /**
     * Makes a backup.
     *
     * @param home PostgreSQL's folder
     * @param files where to; what is there is replaced
     */
    static Backup of(Path home, Path files) {
        try (Connection connection = server(home).connect(PostgresProcess.SUPERUSER);
                Statement statement = connection.createStatement()) {
            Directories.delete(files);
            statement.execute("SELECT pg_backup_start('drill', true)");
            copy(home.resolve("data"), files, NOT_COPIED);
            String label;
            try (ResultSet stop = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
                stop.next();
                label = stop.getString(1);
            }
            copy(home.resolve("data/pg_wal"), files.resolve("pg_wal"), Set.of());
            Files.writeString(files.resolve("backup_label"), label);
            return new Backup(files);
        } catch (SQLException | IOException e) {
            throw new AssertionError("no backup", e);
        }
    }

    /** Ends PostgreSQL and puts the backup in the place of its data. Whoever starts it next finds the past. */
    void restore(Path home) {
        server(home).stop();
        try {
            Directories.delete(home.resolve("data"));
            copy(files, home.resolve("data"), Set.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PostgresProcess server(Path home) {
        return PostgresProcess.attach(home).orElseThrow();
    }

    private static void copy(Path from, Path to, Set<String> except) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                if (except.contains(from.relativize(folder).toString())) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.copy(folder, to.resolve(from.relativize(folder)), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!except.contains(from.relativize(file).toString())) {
                    try {
                        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                    } catch (NoSuchFileException goneMeanwhile) {
                        return FileVisitResult.CONTINUE;
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
    }
}
