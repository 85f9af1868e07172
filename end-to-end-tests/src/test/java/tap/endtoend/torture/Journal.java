package tap.endtoend.torture;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

import tap.endtoend.torture.order.PassHistories;

/** What the clients were told, for the judgement at the end, and what they saw that may not be. For all threads. */
public final class Journal {
    private static final int MOST_VIOLATIONS = 100;

    private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicLong> unknownRedemptions = new ConcurrentHashMap<>();
    private final Set<Violation> violations = new LinkedHashSet<>();
    private final AtomicLong commands = new AtomicLong();
    private final AtomicLong unanswered = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final PassHistories histories = new PassHistories(PolicyClient.DOUBT.toNanos());

    /** A command that the system has said to have happened. */
    public sealed interface Acknowledged {
        /** A user was created. */
        record UserCreated(String userId) implements Acknowledged {}

        /** A user was removed. */
        record UserRemoved(String userId) implements Acknowledged {}

        /**
         * The policy was changed.
         *
         * @param maximumLifetime in minutes, another one in each change: by it the change is found
         */
        record PolicyConfigured(int maximumLifetime, int length, String state) implements Acknowledged {}

        /**
         * A pass was issued.
         *
         * @param uses how often it may be used
         */
        record PassIssued(String userId, String passId, int uses) implements Acknowledged {}

        /** A pass was deleted. */
        record PassDeleted(String userId, String passId) implements Acknowledged {}

        /**
         * A pass was used.
         *
         * @param jti the token's id
         */
        record PassRedeemed(String userId, String passId, String jti) implements Acknowledged {}
    }

    void sent(Answer answer) {
        commands.incrementAndGet();
        if (answer.unknown()) {
            unanswered.incrementAndGet();
        } else if (answer.refused()) {
            refused.incrementAndGet();
        }
    }

    void acknowledged(Acknowledged command) {
        acknowledged.add(command);
    }

    void redemptionUnknown(String passId) {
        unknownRedemptions.computeIfAbsent(passId, any -> new AtomicLong()).incrementAndGet();
    }

    void violation(String promise, String what) {
        synchronized (violations) {
            if (violations.size() < MOST_VIOLATIONS) {
                violations.add(new Violation(promise, what));
            }
        }
    }

    /** What may not be, as far as clients could see; at most 100. */
    public List<Violation> violations() {
        synchronized (violations) {
            return List.copyOf(violations);
        }
    }

    /** Everything that the system has said to have happened. */
    public Collection<Acknowledged> acknowledged() {
        return new ArrayList<>(acknowledged);
    }

    /** How many redemptions of a pass may have happened without anybody being told. */
    public long unknownRedemptions(String passId) {
        AtomicLong count = unknownRedemptions.get(passId);
        return count == null ? 0 : count.get();
    }

    PassHistories histories() {
        return histories;
    }

    Counts counts() {
        return new Counts(commands.get(), acknowledged.size(), refused.get(), unanswered.get());
    }

    /**
     * How much was asked for.
     *
     * @param commands sent
     * @param acknowledged of them, those that happened
     * @param refused of them, those that did not
     * @param unanswered of them, those of which nobody knows
     */
    record Counts(long commands, long acknowledged, long refused, long unanswered) {}
}
