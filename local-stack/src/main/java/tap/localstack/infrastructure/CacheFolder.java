package tap.localstack.infrastructure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where things are kept that can be made again: {@code $XDG_CACHE_HOME/tap}, else {@code ~/.cache/tap}. */
final class CacheFolder {
    private CacheFolder() {}

    static Path get() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path base = xdg == null || xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        try {
            return Files.createDirectories(base.resolve("tap"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
