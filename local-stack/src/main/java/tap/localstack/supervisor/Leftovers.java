package tap.localstack.supervisor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import tap.localstack.infrastructure.ClassArchive;
import tap.localstack.infrastructure.KafkaProcess;
import tap.localstack.infrastructure.PostgresProcess;
import tap.localstack.infrastructure.RunningProcess;

/**
 * Finds the processes of a stack whose supervisor was killed. Each carries the stack's folder among its arguments, which is
 * surer than a written process id: a process started a moment before the kill is found too, and no stranger ever is.
 */
final class Leftovers {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Leftovers() {}

    /** The option by which a pod says whose it is. */
    static String mark(StackFolder folder) {
        return "-Dlocal-stack.folder=" + folder.path();
    }

    /** Ends what is left, keeps the class archives that it leaves, and returns how many processes there were. */
    static int end(StackFolder folder) {
        List<RunningProcess> pods = find(Set.of(mark(folder)));
        pods.parallelStream().forEach(pod -> pod.stop(PATIENCE));
        Path postgres = folder.postgres();
        PostgresProcess.attach(postgres).ifPresent(PostgresProcess::stop);
        List<RunningProcess> servers = find(Set.of(
                postgres.resolve("data").toString(),
                "--pgdata=" + postgres.resolve("data"),
                folder.kafka().resolve("server.properties").toString(),
                "--config=" + folder.kafka().resolve("server.properties")));
        KafkaProcess.attach(folder.kafka()).ifPresent(KafkaProcess::stop);
        servers.parallelStream().forEach(server -> server.stop(PATIENCE));
        ClassArchive.keep(folder.path());
        return pods.size() + servers.size();
    }

    private static List<RunningProcess> find(Set<String> marks) {
        long self = ProcessHandle.current().pid();
        return ProcessHandle.allProcesses()
                .filter(handle -> handle.pid() != self)
                .filter(handle -> handle.info()
                        .arguments()
                        .map(arguments -> Stream.of(arguments).anyMatch(marks::contains))
                        .orElse(false))
                .map(RunningProcess::of)
                .filter(RunningProcess::isAlive)
                .toList();
    }
}
