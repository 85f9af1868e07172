package tap.localstack.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tap.localstack.infrastructure.LocalStackException;
import tap.localstack.supervisor.ServiceProgram;
import tap.localstack.supervisor.ServiceRestore;
import tap.localstack.supervisor.StackFolder;
import tap.localstack.supervisor.StackState;

/** {@code ./tap restore}. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = {
            "Bring a service's database back from its topics: after a backup was restored, a standby promoted, or the"
                    + " database emptied. Stops the service's pods, and starts them again when nothing is missing.",
            "What was committed and never published is in no topic. So redemption-service refuses every pass that it does"
                    + " not know, and withdraws every open one, unless --complete says that nothing is missing: no use is"
                    + " ever given back. Interrupted, run it again."
        })
public final class RestoreCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data = new DataOption();

    @Parameters(paramLabel = "SERVICE", description = "policy-service, pass-service or redemption-service.")
    private String service = "";

    @Option(
            names = "--complete",
            description = "You state that backup and topics hold every commit: open passes stay usable.")
    private boolean complete;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        StackFolder folder = data.folder();
        folder.requireState();
        ServiceRestore.run(folder, program(), complete, line -> say(out, line));
        Optional<StackState> running = folder.state().filter(StackState::isRunning);
        running.ifPresent(stack -> new RunningSupervisor(stack).startMissing().forEach(line -> say(out, line)));
        say(out, service + " is restored." + (running.isPresent() ? "" : " Start the stack with ./tap up."));
        return 0;
    }

    private ServiceProgram program() {
        List<ServiceProgram> programs = ServiceProgram.packaged(Project.root());
        return programs.stream()
                .filter(program -> program.name().equals(service))
                .findFirst()
                .orElseThrow(() -> new LocalStackException("There is no service '" + service + "'. Choose one of "
                        + programs.stream().map(ServiceProgram::name).collect(Collectors.joining(", ")) + "."));
    }

    private static void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }
}
