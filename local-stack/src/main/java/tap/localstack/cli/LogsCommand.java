package tap.localstack.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tap.localstack.infrastructure.LocalStackException;
import tap.localstack.supervisor.StackFolder;

/** {@code ./tap logs}. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = "Show what the stack's processes have written, for example ./tap logs pass-service.")
public final class LogsCommand implements Callable<Integer> {
    private static final int LINES = 40;

    @Mixin
    private final DataOption data = new DataOption();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "A service, one of its pods, postgres, kafka or supervisor (default: all).")
    private @Nullable String name;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is written from now on, until Ctrl-C.")
    private boolean follow;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Map<String, Path> logs = chosen(all(data.folder()));
        Map<Path, Long> shown = new LinkedHashMap<>();
        boolean prefixed = logs.size() > 1;
        for (Map.Entry<String, Path> log : logs.entrySet()) {
            shown.put(log.getValue(), Files.size(log.getValue()));
            List<String> lines = lines(log.getValue(), 0);
            int first = name == null ? Math.max(0, lines.size() - LINES) : 0;
            lines.subList(first, lines.size()).forEach(line -> print(out, prefixed, log.getKey(), line));
        }
        out.flush();
        while (follow) {
            for (Map.Entry<String, Path> log : logs.entrySet()) {
                long from = shown.getOrDefault(log.getValue(), 0L);
                long now = Files.size(log.getValue());
                if (now != from) {
                    lines(log.getValue(), now < from ? 0 : from)
                            .forEach(line -> print(out, prefixed, log.getKey(), line));
                    shown.put(log.getValue(), now);
                }
            }
            out.flush();
            Thread.sleep(200);
        }
        return 0;
    }

    private Map<String, Path> chosen(Map<String, Path> all) {
        Map<String, Path> chosen = new TreeMap<>(all);
        if (name != null) {
            chosen.keySet().removeIf(log -> !log.equals(name) && !log.matches(Pattern.quote(name) + "-[0-9]+"));
        }
        if (chosen.isEmpty()) {
            throw new LocalStackException(
                    all.isEmpty()
                            ? "Nothing has been written yet. Start the stack with ./tap up."
                            : "There is no log \"" + name + "\". Choose one of: " + String.join(", ", all.keySet())
                                    + ".");
        }
        return chosen;
    }

    private static Map<String, Path> all(StackFolder folder) throws IOException {
        Map<String, Path> logs = new TreeMap<>();
        for (Path place : List.of(folder.logs(), folder.postgres(), folder.kafka())) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> files = Files.list(place)) {
                    files.filter(file -> file.toString().endsWith(".log")).forEach(file -> {
                        String fileName = String.valueOf(file.getFileName());
                        logs.put(fileName.substring(0, fileName.length() - ".log".length()), file);
                    });
                }
            }
        }
        return logs;
    }

    private static List<String> lines(Path log, long from) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static void print(PrintWriter out, boolean prefixed, String log, String line) {
        out.println(prefixed ? log + " | " + line : line);
    }
}
