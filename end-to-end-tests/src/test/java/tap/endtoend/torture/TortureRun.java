package tap.endtoend.torture;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

import tap.endtoend.Stack;
import tap.endtoend.torture.FaultKind.Victim;
import tap.endtoend.torture.Journal.Acknowledged;
import tap.endtoend.torture.invariants.Evidence;
import tap.endtoend.torture.invariants.Invariant;
import tap.endtoend.torture.invariants.Scope;
import tap.endtoend.torture.order.Operation;
import tap.endtoend.torture.order.Operation.What;
import tap.endtoend.torture.order.PassHistories;

/**
 * Load and random faults for a while, then rest, then judgement. The seed decides which faults come in which order and what clients
 * ask for; the scheduling is the machine's.
 */
final class TortureRun {
    /** So long after the last fault was put right there must be rest. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Longer than a relay's lease. */
    private static final int SHORTEST_MS = 4_000;

    private static final int MOST_STARTS = 3;
    private final Victim victim;
    private final Stack stack;
    private final Plan plan;
    private final Consumer<String> say;
    private final Random random;
    private final Journal journal = new Journal();
    private final Pace pace = new Pace();
    private final Map<FaultKind, Integer> survived = new EnumMap<>(FaultKind.class);

    /**
     * A run.
     *
     * @param victim a stack, which is started if it does not run
     * @param say hears of each fault and each step
     */
    TortureRun(Victim victim, Plan plan, Consumer<String> say) {
        this.victim = victim;
        this.stack = victim.stack();
        this.plan = plan;
        this.say = say;
        this.random = new Random(plan.seed);
    }

    /**
     * A run.
     *
     * @param seed of the faults and of what clients ask for
     * @param duration how long faults go on; one that was begun is put right
     * @param clients who ask for passes at a time, beside the one who changes the policy
     * @param alone whether the stack is there for this run only, so that all that is in it is judged
     */
    record Plan(long seed, Duration duration, int clients, boolean alone) {}

    /**
     * What came of it.
     *
     * @param scope whose data was judged
     * @param evidence that was judged
     * @param violations none if every promise was kept
     * @param survived how often each kind of fault was inflicted and put right
     * @param counts of the load
     */
    record Outcome(
            Scope scope,
            Evidence evidence,
            List<Violation> violations,
            Map<FaultKind, Integer> survived,
            Journal.Counts counts) {}

    /** What was asked for so far. */
    Journal.Counts counts() {
        return journal.counts();
    }

    /** Plays it, once. */
    Outcome play() throws InterruptedException, SQLException {
        start();
        TapClient tap = new TapClient(
                stack.gateway(), stack.administrator("Global Administrator").token(), journal);
        PolicyClient policy = new PolicyClient(tap, journal, new Random(random.nextLong()), pace);
        policy.begin();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> clients = new ArrayList<>();
            clients.add(threads.submit(policy));
            for (int i = 0; i < plan.clients; i++) {
                String name =
                        "torture-" + Long.toHexString(plan.seed) + "-" + Long.toHexString(System.nanoTime()) + "-" + i;
                clients.add(threads.submit(
                        new LoadClient(tap, journal, policy, new Random(random.nextLong()), pace, name)));
            }
            try {
                harm();
            } finally {
                pace.end();
            }
            say.accept("the last fault is put right; waiting for rest");
            for (Future<?> client : clients) {
                client.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a client has failed", e.getCause());
        }
        new Rest(stack, tap)
                .await(PATIENCE)
                .forEach(unrest -> journal.violation("there is rest within " + PATIENCE.toSeconds() + " s", unrest));
        long rest = System.nanoTime();
        say.accept("judging");
        look(tap);
        return judge(rest);
    }

    private void harm() throws InterruptedException {
        long until = System.nanoTime() + plan.duration.toNanos();
        while (System.nanoTime() < until) {
            pace.hold(1_000 + random.nextInt(2_000));
            List<Fault> faults = draw();
            try {
                for (Fault fault : faults) {
                    say.accept(fault.toString());
                    fault.inflict().run();
                    pace.hold(random.nextInt(1_500));
                }
                pace.hold(SHORTEST_MS + random.nextInt(5_000));
            } finally {
                faults.forEach(fault -> fault.release().run());
            }
            start();
            for (Fault fault : faults) {
                fault.mend().run();
                survived.merge(fault.kind(), 1, Integer::sum);
            }
        }
    }

    private List<Fault> draw() {
        List<Fault> faults = new ArrayList<>();
        Set<String> touched = new HashSet<>();
        int wanted = 1 + random.nextInt(2);
        List<FaultKind> kinds = FaultKind.possible(victim);
        while (faults.size() < wanted) {
            Fault fault = kinds.get(random.nextInt(kinds.size())).draw(victim, random);
            if (fault.touches().stream().noneMatch(touched::contains)) {
                faults.add(fault);
                touched.addAll(fault.touches());
            }
        }
        return faults;
    }

    // A pod that is not ready in time on a busy machine goes on starting: the next attempt finds it.
    private void start() {
        for (int attempt = 1; ; attempt++) {
            try {
                stack.up();
                return;
            } catch (AssertionError notStarted) {
                say.accept("not started: " + notStarted.getMessage());
                if (attempt == MOST_STARTS) {
                    journal.violation("what was ended can be started again", String.valueOf(notStarted.getMessage()));
                    return;
                }
            }
        }
    }

    // What was announced has become true: each pass is shown, or not.
    private void look(TapClient tap) {
        PassHistories histories = journal.histories();
        for (PassHistories.Whose whose : histories.passes()) {
            Answer answer = tap.get(whose.user(), whose.pass());
            switch (answer.status()) {
                case 200 ->
                    histories.ofPass(whose.pass(), Operation.effective(What.FOUND, answer.begun(), answer.ended()));
                case 404 ->
                    histories.ofPass(whose.pass(), Operation.effective(What.GONE, answer.begun(), answer.ended()));
                default -> journal.violation("there is an answer when there is rest", whose + ": " + answer);
            }
        }
    }

    private Outcome judge(long rest) throws SQLException {
        Scope scope = plan.alone ? Scope.everything() : Scope.users(users());
        Evidence evidence = Evidence.gather(stack, journal, scope);
        List<Violation> violations = new ArrayList<>(journal.violations());
        journal.histories().violations(rest).stream()
                .map(why -> new Violation("what clients saw of a pass can have happened one after the other", why))
                .forEach(violations::add);
        Invariant.all().forEach(invariant -> violations.addAll(invariant.violations(evidence)));
        return new Outcome(scope, evidence, violations, survived, journal.counts());
    }

    private List<String> users() {
        return journal.acknowledged().stream()
                .filter(Acknowledged.UserCreated.class::isInstance)
                .map(created -> ((Acknowledged.UserCreated) created).userId())
                .toList();
    }
}
