package tap.localstack.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.core.JsonProcessingException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tap.contract.ContractJson;
import tap.localstack.parked.ParkedInService;
import tap.localstack.parked.ParkedMessage;

/** {@code ./tap parked}. */
@Command(
        name = "parked",
        mixinStandardHelpOptions = true,
        description = "List the messages that a service could not apply, and why. Their users' passes are fenced until"
                + " ./tap unpark has replayed them.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:listed, whether or not anything is parked", "1:no stack runs"})
public final class ParkedCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data = new DataOption();

    @Option(
            names = "--json",
            description =
                    "For programs: a list of service, topic, partition, offset, stream, version, type, key, reason,"
                            + " since.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws JsonProcessingException {
        List<ParkedMessage> parked = ParkedInService.all(data.folder()).stream()
                .flatMap(service -> service.messages(null).stream())
                .toList();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(ContractJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(parked));
        } else if (parked.isEmpty()) {
            out.println("Nothing is parked.");
        } else {
            parked.forEach(message -> print(out, message));
        }
        out.flush();
        return 0;
    }

    private static void print(PrintWriter out, ParkedMessage message) {
        out.printf(
                "%s  stream %s  version %d  %s  at %s/%d/%d  since %s%n    %s%n",
                message.service(),
                message.stream(),
                message.version(),
                message.type() == null ? "(unreadable)" : message.type(),
                message.topic(),
                message.partition(),
                message.offset(),
                message.since(),
                message.reason());
    }
}
