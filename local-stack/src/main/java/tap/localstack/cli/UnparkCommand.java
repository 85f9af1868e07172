package tap.localstack.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tap.localstack.infrastructure.LocalStackException;
import tap.localstack.parked.ParkedInService;
import tap.localstack.parked.Replayed;

/** {@code ./tap unpark}. */
@Command(
        name = "unpark",
        mixinStandardHelpOptions = true,
        description =
                "Have a service replay what ./tap parked lists, in order, after what was wrong has been put right.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing of it is parked any longer",
            "1:no stack runs, or no pod answered in time",
            "2:wrong options",
            "3:something stays parked; the output says why"
        })
public final class UnparkCommand implements Callable<Integer> {
    private static final int STAYS_PARKED = 3;

    @Mixin
    private final DataOption data = new DataOption();

    @Parameters(index = "0", paramLabel = "SERVICE", description = "Whose messages, for example pass-service.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String service;

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private What what;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long to wait for the service (default: ${DEFAULT-VALUE}).")
    private int wait;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** What is to be replayed: one or the other. */
    private static final class What {
        @Option(names = "--stream", paramLabel = "ID", description = "One stream, or all streams of a user.")
        private @Nullable String stream;

        @Option(names = "--all", description = "Everything that is parked in the service.")
        @SuppressWarnings("UnusedVariable") // without a stream it is all; this is how to say so
        private boolean all;
    }

    @Override
    public Integer call() throws InterruptedException {
        ParkedInService parked = chosen(ParkedInService.all(data.folder()));
        PrintWriter out = spec.commandLine().getOut();
        if (parked.messages(what.stream).isEmpty()) {
            out.println(
                    what.stream == null
                            ? "Nothing is parked in " + service + "."
                            : "Nothing of " + what.stream + " is parked in " + service + ".");
            out.flush();
            return 0;
        }
        Replayed replayed = parked.replay(what.stream, Duration.ofSeconds(wait));
        out.printf("Applied %d message(s).%n", replayed.applied());
        for (Replayed.Left left : replayed.left()) {
            out.printf("Stays parked: stream %s of %s: %s%n", left.stream(), left.source(), left.reason());
        }
        if (replayed.streamsLeft() > replayed.left().size()) {
            out.printf(
                    "%d more streams stay parked.%n",
                    replayed.streamsLeft() - replayed.left().size());
        }
        out.flush();
        return replayed.streamsLeft() == 0 ? 0 : STAYS_PARKED;
    }

    private ParkedInService chosen(List<ParkedInService> all) {
        return all.stream()
                .filter(candidate -> candidate.service().equals(service))
                .findFirst()
                .orElseThrow(() -> new LocalStackException("There is no service \"" + service + "\". Choose one of: "
                        + all.stream().map(ParkedInService::service).collect(Collectors.joining(", ")) + "."));
    }
}
