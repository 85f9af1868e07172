package tap.localstack.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tap.contract.ContractJson;
import tap.localstack.supervisor.StackFolder;
import tap.localstack.supervisor.StackStatus;

/** {@code ./tap status}. */
@Command(name = "status", mixinStandardHelpOptions = true, description = "Say what runs, and where.")
public final class StatusCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data = new DataOption();

    @Option(names = "--json", description = "For programs: gateway, services, kafka, postgres.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws JsonProcessingException {
        StackFolder folder = data.folder();
        StackStatus status = StackStatus.of(folder, folder.requireRunning());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(ContractJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(status));
        } else {
            print(out, status);
        }
        out.flush();
        return 0;
    }

    private static void print(PrintWriter out, StackStatus status) {
        out.printf("%-22s %s%n", "gateway", status.gateway());
        status.services().forEach((service, pods) -> {
            for (int i = 0; i < pods.size(); i++) {
                line(out, service + "-" + i, pods.get(i).url(), pods.get(i).pid());
            }
        });
        line(out, "kafka", status.kafka().bootstrap(), status.kafka().pid());
        String url = status.postgres().jdbc().values().stream().findFirst().orElse("");
        line(
                out,
                "postgres",
                url.replaceFirst("^jdbc:postgresql://([^/]*)/.*$", "$1"),
                status.postgres().pid());
    }

    private static void line(PrintWriter out, String name, String where, @Nullable Long pid) {
        out.printf("%-22s %-24s %s%n", name, where, pid == null ? "down (./tap up starts it)" : "pid " + pid);
    }
}
