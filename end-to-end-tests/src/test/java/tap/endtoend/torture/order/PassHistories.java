package tap.endtoend.torture.order;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tap.endtoend.torture.order.Operation.What;

/** What clients saw of every pass, and whether each pass can have been a pass. For all threads; times are of {@link System#nanoTime}. */
public final class PassHistories {
    private final long doubt;
    private final Map<String, History> passes = new ConcurrentHashMap<>();
    private final Map<String, Queue<OfUser>> users = new ConcurrentHashMap<>();
    private final Queue<Operation> policy = new ConcurrentLinkedQueue<>();

    /** @param doubt so many nanoseconds after it was asked for, a change of the policy that nobody answered can still happen */
    public PassHistories(long doubt) {
        this.doubt = doubt;
    }

    /** @param begun since when the pass can have been there */
    private record History(String user, int limit, long begun, long answered, Queue<Operation> operations) {}

    /** @param issued the pass that came with it and stays, or {@code null} */
    private record OfUser(Operation operation, @Nullable String issued) {}

    /**
     * A pass of somebody.
     *
     * @param user the user's id
     * @param pass the pass's id
     */
    public record Whose(String user, String pass) {}

    /**
     * A pass was issued; what this does to the user's other passes is an operation of the user.
     *
     * @param limit how often it may be used
     * @param answered when the answer was there
     * @param admitted when it can be redeemed
     */
    public void issued(Whose whose, int limit, long answered, Operation admitted) {
        History history = new History(whose.user(), limit, admitted.begun(), answered, new ConcurrentLinkedQueue<>());
        history.operations.add(admitted);
        passes.put(whose.pass(), history);
    }

    /** Something befell a pass that was issued. */
    public void ofPass(String pass, Operation operation) {
        Objects.requireNonNull(passes.get(pass), pass).operations().add(operation);
    }

    /**
     * Something befell all passes that a user had then.
     *
     * @param issued except for this one, or {@code null}
     */
    public void ofUser(String user, Operation operation, @Nullable String issued) {
        users.computeIfAbsent(user, any -> new ConcurrentLinkedQueue<>()).add(new OfUser(operation, issued));
    }

    /** The policy was changed, by the one who changes it: one after the other. */
    public void ofPolicy(Operation operation) {
        policy.add(operation);
    }

    /** Every pass that was issued. */
    public List<Whose> passes() {
        return passes.entrySet().stream()
                .map(pass -> new Whose(pass.getValue().user(), pass.getKey()))
                .toList();
    }

    /**
     * The passes that cannot have been passes, each with why.
     *
     * @param rest since then, all that the system has announced is so
     */
    public List<String> violations(long rest) {
        return passes.entrySet().stream()
                .flatMap(pass -> violation(pass.getKey(), pass.getValue(), rest)
                        .map(why -> "pass " + pass.getKey() + " of user "
                                + pass.getValue().user() + ": " + why))
                .toList();
    }

    private Stream<String> violation(String id, History pass, long rest) {
        List<Operation> operations = new ArrayList<>(pass.operations);
        users.getOrDefault(pass.user, new ConcurrentLinkedQueue<>()).stream()
                .filter(of -> !id.equals(of.issued()))
                .flatMap(of -> asItBefell(pass, of.operation()))
                .forEach(operations::add);
        operations.replaceAll(operation -> operation.by(rest));
        long to = operations.stream()
                .mapToLong(operation -> operation.happened() ? operation.ended() : operation.begun())
                .max()
                .orElse(pass.begun);
        Policy then = policy(pass.begun, to, rest);
        operations.addAll(then.changes());
        return PassOrder.missing(PassState.issued(pass.limit, true, then.enabled()), operations).stream();
    }

    // What was over before the pass was asked for befell others, what came beside its issue perhaps others.
    private static Stream<Operation> asItBefell(History pass, Operation operation) {
        if (operation.ended() < pass.begun) {
            return Stream.empty();
        }
        return Stream.of(pass.answered < operation.begun() ? operation : operation.inDoubt());
    }

    private record Policy(boolean enabled, List<Operation> changes) {}

    // The last change that was effective before the pass is where it begins. One that was announced is so before the
    // next that
    // is effective: they are events of one stream.
    private Policy policy(long from, long to, long rest) {
        List<Operation> changes = new ArrayList<>(policy);
        long by = rest;
        for (int i = changes.size() - 1; i >= 0; i--) {
            Operation change = changes.get(i).by(by);
            changes.set(i, change);
            by = change.happened() ? change.ended() : by;
        }
        Operation before = changes.stream()
                .filter(change -> change.happened() && change.ended() < from)
                .reduce((first, second) -> second)
                .orElse(Operation.effective(What.ENABLED, from, from));
        long since = Math.min(before.begun(), from - doubt);
        return new Policy(
                before.what() == What.ENABLED,
                changes.stream()
                        .filter(change -> change.begun() <= to && change.ended() >= from)
                        .filter(change -> change.happened() || change.begun() >= since)
                        .toList());
    }
}
