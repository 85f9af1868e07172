package tap.localstack.infrastructure;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Starts programs that outlive this JVM and do not hear the terminal's Ctrl-C, which only their owner answers. */
public final class DetachedProcess {
    private DetachedProcess() {}

    /**
     * Starts a program in a session of its own, its output appended to a file.
     *
     * @param command the program and its arguments
     * @param directory its working directory
     * @param environment variables set on top of this JVM's own
     * @param log the file that receives standard output and error
     * @throws LocalStackException if the program cannot be started
     */
    public static Process start(List<String> command, Path directory, Map<String, String> environment, Path log) {
        List<String> full = new ArrayList<>();
        // Both execute the command in the same process, so that its id is the one we are given.
        if (isOnPath("setsid")) {
            full.add("setsid");
        } else if (isOnPath("nohup")) {
            full.add("nohup");
        }
        full.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(full)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            return builder.start();
        } catch (IOException e) {
            throw new LocalStackException("Cannot start " + command.getFirst() + ": " + e.getMessage(), e);
        }
    }

    /** The last lines of a log, for the message about a program that did not start. */
    public static String tail(Path log, int lines) {
        try (Stream<String> all = Files.lines(log)) {
            List<String> content = all.toList();
            return String.join("\n", content.subList(Math.max(0, content.size() - lines), content.size()));
        } catch (IOException | UncheckedIOException unreadable) {
            return "";
        }
    }

    static boolean isOnPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
