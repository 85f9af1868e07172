package tap.endtoend.torture;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import tap.endtoend.torture.order.Operation.What;

/** The one administrator who changes the policy, again and again: the length of codes, and now and then whether there are passes at all. */
final class PolicyClient implements Runnable {
    /** For so long after a change of which nobody knows it may still happen: longer than a fault lasts. */
    static final Duration DOUBT = Duration.ofSeconds(60);

    /** Longer than faults, and what was ended takes to start again on a busy machine. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final int SHORT_CODE = 8;
    private static final int LONG_CODE = 32;
    private static final int FIRST_MARK = 500;
    private static final int LAST_MARK = 43_200;

    private final TapClient tap;
    private final Journal journal;
    private final Random random;
    private final Pace pace;
    private volatile @Nullable InForce inForce;
    private long doubtfulUntil = System.nanoTime();
    private int mark = FIRST_MARK;

    PolicyClient(TapClient tap, Journal journal, Random random, Pace pace) {
        this.tap = tap;
        this.journal = journal;
        this.random = random;
        this.pace = pace;
    }

    /**
     * A policy that everybody obeys, as the system has said. One that was replaced by an equal one is another: who sees the same one
     * before and after a request knows that it held meanwhile.
     */
    static final class InForce {
        private final boolean enabled;
        private final int length;

        private InForce(boolean enabled, int length) {
            this.enabled = enabled;
            this.length = length;
        }

        boolean enabled() {
            return enabled;
        }

        int length() {
            return length;
        }
    }

    /** What holds now, or {@code null} while a change is under way or in doubt. */
    @Nullable
    InForce inForce() {
        return inForce;
    }

    /** Makes a policy under which there are passes; returns when that is acknowledged. */
    void begin() throws InterruptedException {
        insist(Map.of("minimumLifetimeInMinutes", 10, "defaultLifetimeInMinutes", 60, "isUsableOnce", false));
    }

    @Override
    public void run() {
        try {
            while (pace.goesOn(1_000 + random.nextInt(3_000))) {
                if (random.nextInt(6) == 0) {
                    change(false, length(), Map.of());
                    pace.goesOn(300 + random.nextInt(1_200));
                    insist(Map.of());
                } else {
                    change(true, length(), Map.of());
                }
            }
            insist(Map.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // Passes must not stay disabled, or there would be no load.
    private void insist(Map<String, ?> more) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!change(true, length(), more)) {
            if (System.nanoTime() > deadline) {
                journal.violation(
                        "a fault passes", "the policy could not be changed for " + PATIENCE.toSeconds() + " s");
                return;
            }
            pace.hold(500);
        }
    }

    private boolean change(boolean enabled, int length, Map<String, ?> more) {
        if (mark > LAST_MARK) {
            mark = FIRST_MARK;
        }
        Map<String, Object> members = new HashMap<>(more);
        members.put("state", enabled ? "enabled" : "disabled");
        members.put("defaultLength", length);
        members.put("maximumLifetimeInMinutes", mark);
        inForce = null;
        Answer answer = tap.configure(members);
        answer.operation(enabled ? What.ENABLED : What.DISABLED).ifPresent(journal.histories()::ofPolicy);
        if (answer.unknown()) {
            doubtfulUntil = System.nanoTime() + DOUBT.toNanos();
        }
        if (answer.refused()) {
            journal.violation("a policy in range is accepted", members + " answered " + answer.body());
        }
        if (answer.acknowledged()) {
            journal.acknowledged(
                    new Journal.Acknowledged.PolicyConfigured(mark, length, enabled ? "enabled" : "disabled"));
            if (answer.confirmed() && System.nanoTime() > doubtfulUntil) {
                inForce = new InForce(enabled, length);
            }
        }
        mark++;
        return answer.acknowledged();
    }

    private int length() {
        return random.nextBoolean() ? SHORT_CODE : LONG_CODE;
    }
}
