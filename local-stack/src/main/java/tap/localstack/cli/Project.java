package tap.localstack.cli;

import java.nio.file.Path;

/** The project's folder, as the {@code tap} script says. */
final class Project {
    private Project() {}

    static Path root() {
        return Path.of(System.getProperty("tap.root", ".")).toAbsolutePath().normalize();
    }
}
