package tap.localstack.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import tap.localstack.Tap;
import tap.localstack.infrastructure.ClassArchive;
import tap.localstack.infrastructure.DetachedProcess;
import tap.localstack.infrastructure.JavaCommand;
import tap.localstack.infrastructure.LocalStackException;
import tap.localstack.infrastructure.RunningProcess;
import tap.localstack.supervisor.StackFolder;
import tap.localstack.supervisor.StackSettings;
import tap.localstack.supervisor.StackState;

/** Starts the supervisor in a JVM of its own and repeats what it says until it is ready or has given up. */
final class DetachedSupervisor {
    private DetachedSupervisor() {}

    static void start(StackFolder folder, StackSettings settings, Consumer<String> say) {
        Path log = folder.logs().resolve("supervisor.log");
        Process process;
        try {
            Files.createDirectories(folder.logs());
            Files.writeString(log, "");
            Path arguments = folder.logs().resolve("supervisor.arguments");
            Files.writeString(arguments, "-cp\n\"" + JavaCommand.classPath() + "\"\n");
            process = DetachedProcess.start(command(folder, settings, arguments), Project.root(), Map.of(), log);
        } catch (IOException e) {
            throw new LocalStackException("Cannot write to " + folder.path() + ": " + e.getMessage(), e);
        }
        RunningProcess supervisor = RunningProcess.of(process.toHandle());
        long shown = 0;
        AtomicBoolean saidReady = new AtomicBoolean();
        while (true) {
            boolean ended = !process.isAlive();
            boolean ready = isReady(folder, supervisor.pid());
            shown = repeat(log, shown, line -> {
                saidReady.compareAndSet(false, line.startsWith("Ready"));
                if (!ended) {
                    say.accept(line);
                }
            });
            if (ended) {
                throw new LocalStackException(lastWords(log));
            }
            if (ready && saidReady.get()) {
                return;
            }
            pause();
        }
    }

    private static List<String> command(StackFolder folder, StackSettings settings, Path arguments) {
        List<String> command = new ArrayList<>(List.of(JavaCommand.launcher()));
        command.addAll(ClassArchive.of("supervisor", JavaCommand.entries(), folder.path())
                .useOrMake());
        command.addAll(List.of(
                "-Xmx256m",
                "-XX:+UseG1GC",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dtap.root=" + Project.root(),
                "@" + arguments,
                Tap.class.getName(),
                "up",
                "--data",
                folder.path().toString(),
                "--port",
                Integer.toString(settings.port()),
                "--pods",
                Integer.toString(settings.pods())));
        return command;
    }

    private static boolean isReady(StackFolder folder, long pid) {
        return folder.state()
                .filter(StackState::ready)
                .map(StackState::supervisor)
                .filter(supervisor -> supervisor.pid() == pid)
                .isPresent();
    }

    /** Says the whole lines that were written since, and returns how far they reach. */
    private static long repeat(Path log, long shown, Consumer<String> say) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] fresh = new byte[(int) (file.length() - shown)];
            file.seek(shown);
            file.readFully(fresh);
            String text = new String(fresh, StandardCharsets.UTF_8);
            int end = text.lastIndexOf('\n') + 1;
            text.substring(0, end).lines().forEach(say);
            return shown + text.substring(0, end).getBytes(StandardCharsets.UTF_8).length;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String lastWords(Path log) {
        String said = DetachedProcess.tail(log, 12);
        int message = said.lastIndexOf("tap: ");
        return message >= 0 ? said.substring(message + "tap: ".length()) : "The stack did not start; see " + log;
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalStackException("Interrupted while the stack started; it goes on in the background.", e);
        }
    }
}
