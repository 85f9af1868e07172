package tap.endtoend.torture;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tap.endtoend.Stack;
import tap.endtoend.torture.FaultKind.Victim;

/** {@code ./tap torture}. */
@Command(
        name = "tap torture",
        mixinStandardHelpOptions = true,
        description = {
            "Torture the packaged product on a stack of its own: clients ask for everything at once while pods,"
                    + " PostgreSQL and Kafka are killed, frozen and restarted, clocks go wrong and the network fails. Then"
                    + " everything is put right, there must be rest, and what was promised is compared with what the"
                    + " databases and the topics hold.",
            "Two cores and 4 GiB are enough. The same seed brings the same faults in the same order."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every promise was kept", "1:one was not; it is said which, and the data is kept"})
final class Torture implements Callable<Integer> {
    private static final Duration TELL_EVERY = Duration.ofSeconds(3);
    private static final int CLIENTS = 3;
    private static final int MOST_SHOWN = 40;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            defaultValue = "5",
            description = "How long faults go on (default: 5).")
    private double minutes;

    @Option(names = "--seed", paramLabel = "S", description = "Decides which faults come (default: any).")
    private @Nullable Long seed;

    private final long begin = System.nanoTime();
    private volatile String doing = "starting";

    /** Runs it and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Torture()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException, SQLException {
        long chosen = seed == null ? new Random().nextInt(Integer.MAX_VALUE) : seed;
        Duration duration = Duration.ofMillis((long) (minutes * 60_000));
        Path data = Path.of(System.getProperty("tap.root", "."), "target", "torture-" + chosen)
                .toAbsolutePath()
                .normalize();
        say("seed " + chosen + ", " + duration.toSeconds() + " s of faults; starting a stack in " + data);
        Stack stack = Stack.anew(data);
        Thread endWithUs = new Thread(stack::down);
        Runtime.getRuntime().addShutdownHook(endWithUs);
        try (BadNetwork network = BadNetwork.of(stack)) {
            TortureRun.Outcome outcome =
                    played(new Victim(stack, network), new TortureRun.Plan(chosen, duration, CLIENTS, true));
            report(outcome, chosen);
            stack.down();
            if (!outcome.violations().isEmpty()) {
                System.out.println("The data and the logs are kept in " + data);
                return 1;
            }
        }
        Runtime.getRuntime().removeShutdownHook(endWithUs);
        stack.reset();
        return 0;
    }

    private TortureRun.Outcome played(Victim victim, TortureRun.Plan plan) throws InterruptedException, SQLException {
        TortureRun run = new TortureRun(victim, plan, step -> {
            doing = step;
            say(step);
        });
        try (ScheduledExecutorService teller = Executors.newSingleThreadScheduledExecutor()) {
            ScheduledFuture<?> telling = teller.scheduleAtFixedRate(
                    () -> tell(run.counts()), TELL_EVERY.toSeconds(), TELL_EVERY.toSeconds(), TimeUnit.SECONDS);
            try {
                return run.play();
            } finally {
                telling.cancel(false);
            }
        }
    }

    private void tell(Journal.Counts counts) {
        say(String.format("... %,d commands, %,d unanswered (%s)", counts.commands(), counts.unanswered(), doing));
    }

    private void report(TortureRun.Outcome outcome, long chosen) {
        Journal.Counts counts = outcome.counts();
        System.out.printf(
                "%nSeed %d: %,d commands, of which %,d were acknowledged, %,d refused and %,d never answered.%n",
                chosen, counts.commands(), counts.acknowledged(), counts.refused(), counts.unanswered());
        System.out.println("Faults survived: "
                + outcome.survived().entrySet().stream()
                        .map(fault -> fault.getValue() + " " + fault.getKey())
                        .collect(Collectors.joining(", ")));
        if (outcome.violations().isEmpty()) {
            System.out.println("Every promise was kept.");
            return;
        }
        System.out.println(outcome.violations().size() + " VIOLATIONS:");
        outcome.violations().stream().limit(MOST_SHOWN).forEach(violation -> System.out.println("  " + violation));
        if (outcome.violations().size() > MOST_SHOWN) {
            System.out.println("  ...");
        }
    }

    private synchronized void say(String line) {
        System.out.printf("%7.1f s  %s%n", (System.nanoTime() - begin) / 1e9, line);
    }
}
