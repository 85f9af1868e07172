package tap.endtoend.torture;

import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import org.jspecify.annotations.Nullable;
import tap.endtoend.torture.Journal.Acknowledged;
import tap.endtoend.torture.PolicyClient.InForce;
import tap.endtoend.torture.order.Operation;
import tap.endtoend.torture.order.Operation.What;
import tap.endtoend.torture.order.PassHistories;

/**
 * An administrator and the users that nobody else asks anything for: whatever becomes of their passes is this client's doing. Holds
 * every answer against what earlier answers have promised.
 */
final class LoadClient implements Runnable {
    private static final int MOST_USERS = 12;
    private static final String WRONG_CODE = "00000000";

    private final TapClient tap;
    private final Journal journal;
    private final PassHistories histories;
    private final PolicyClient policy;
    private final Random random;
    private final Pace pace;
    private final String name;
    private final List<OwnUser> users = new ArrayList<>();
    private int created;

    /** @param name unique to the client and the run; its users are called after it */
    LoadClient(TapClient tap, Journal journal, PolicyClient policy, Random random, Pace pace, String name) {
        this.tap = tap;
        this.journal = journal;
        this.histories = journal.histories();
        this.policy = policy;
        this.random = random;
        this.pace = pace;
        this.name = name;
    }

    private static final class OwnUser {
        private final String id;
        private boolean known;
        private volatile boolean inDoubt;

        /** @param known whether the system has said that everybody knows the user */
        OwnUser(String id, boolean known) {
            this.id = id;
            this.known = known;
        }
    }

    @Override
    public void run() {
        try (ExecutorService racers = Executors.newVirtualThreadPerTaskExecutor()) {
            while (pace.goesOn(50 + random.nextInt(400))) {
                step(racers);
                // a request of which nobody knows may still happen: nothing more can be said about this user
                users.removeIf(user -> user.inDoubt);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void step(ExecutorService racers) throws InterruptedException {
        if (users.isEmpty() || (users.size() < MOST_USERS && random.nextInt(4) == 0)) {
            create();
            return;
        }
        OwnUser user = users.get(random.nextInt(users.size()));
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> useUp(user, racers);
            case 4, 5 -> delete(user);
            case 6, 7 -> replace(user);
            case 8 -> brawl(user, racers);
            default -> remove(user);
        }
    }

    private void create() {
        Answer answer = tap.createUser(name + "-" + created++ + "@torture.example");
        if (answer.acknowledged()) {
            journal.acknowledged(new Acknowledged.UserCreated(answer.text("id")));
            users.add(new OwnUser(answer.text("id"), answer.confirmed()));
        } else if (answer.refused()) {
            journal.violation("a new user is accepted", answer.toString());
        }
    }

    private void useUp(OwnUser user, ExecutorService racers) throws InterruptedException {
        TrackedPass pass = issue(user, 1 + random.nextInt(3));
        if (pass == null) {
            return;
        }
        if (random.nextInt(4) == 0 && tap.redeem(user.id, WRONG_CODE).acknowledged()) {
            journal.violation("a wrong code is refused", pass.toString());
        }
        InForce before = policy.inForce();
        int limit = pass.limit();
        List<Answer> answers = race(
                racers,
                IntStream.range(0, limit + 2)
                        .<Callable<Answer>>mapToObj(i -> () -> redeem(pass))
                        .toList());
        boolean allSaid = answers.stream().allMatch(answer -> answer.status() == 200 || answer.status() == 400);
        if (pass.sure() && allSaid && held(before) && before != null && before.enabled() && pass.uses() < limit) {
            journal.violation(
                    "a usable pass signs in as often as it says",
                    pass + " may be used " + limit + " times and was " + pass.uses() + " times");
        }
        redeem(pass);
    }

    private void delete(OwnUser user) throws InterruptedException {
        TrackedPass pass = issue(user, 2);
        if (pass == null) {
            return;
        }
        redeem(pass);
        Answer answer = delete(user, pass);
        if (answer.status() == 404 && pass.sure()) {
            journal.violation("a pass that is there can be deleted", pass + " answered " + answer.body());
        }
        if (answer.status() == 202) {
            awaitGone(user, pass);
        }
        redeem(pass);
    }

    private Answer delete(OwnUser user, TrackedPass pass) {
        Answer answer = tap.delete(user.id, pass.id());
        answer.operation(What.WITHDRAWN).ifPresent(withdrawn -> histories.ofPass(pass.id(), withdrawn));
        if (answer.acknowledged()) {
            journal.acknowledged(new Acknowledged.PassDeleted(user.id, pass.id()));
        }
        if (answer.confirmed()) {
            pass.gone(answer.ended());
        }
        return answer;
    }

    // Not confirmed in time: it is, once the pass is not shown any more.
    private void awaitGone(OwnUser user, TrackedPass pass) throws InterruptedException {
        for (int i = 0; i < 20 && pace.goesOn(100); i++) {
            Answer answer = tap.get(user.id, pass.id());
            if (answer.status() == 404) {
                histories.ofPass(pass.id(), Operation.effective(What.GONE, answer.begun(), answer.ended()));
                pass.gone(answer.ended());
                return;
            }
        }
    }

    private void replace(OwnUser user) {
        TrackedPass first = issue(user, 2);
        if (first == null) {
            return;
        }
        TrackedPass second = issue(user, 1);
        if (second != null && second.sure()) {
            first.gone(System.nanoTime());
        }
        redeem(first);
        if (second != null) {
            redeem(second);
        }
    }

    // Everything at once: who comes first is anybody's guess, but never more than the pass allows.
    private void brawl(OwnUser user, ExecutorService racers) throws InterruptedException {
        TrackedPass pass = issue(user, 2);
        if (pass == null) {
            return;
        }
        List<Callable<Answer>> attempts = new ArrayList<>();
        attempts.add(() -> {
            issue(user, 1);
            return delete(user, pass);
        });
        attempts.add(() -> {
            issue(user, 2);
            return redeem(pass);
        });
        for (int i = 0; i < 4; i++) {
            attempts.add(() -> redeem(pass));
        }
        race(racers, attempts);
        redeem(pass);
    }

    private void remove(OwnUser user) {
        TrackedPass pass = issue(user, 2);
        Answer answer = tap.removeUser(user.id);
        user.inDoubt = true;
        answer.operation(What.WITHDRAWN).ifPresent(withdrawn -> histories.ofUser(user.id, withdrawn, null));
        if (answer.acknowledged()) {
            journal.acknowledged(new Acknowledged.UserRemoved(user.id));
        }
        if (pass != null) {
            if (answer.confirmed()) {
                pass.gone(answer.ended());
            }
            redeem(pass);
        }
    }

    /** A new pass of so many uses, or {@code null} if it was refused or nobody knows. */
    private @Nullable TrackedPass issue(OwnUser user, int uses) {
        boolean once = uses == 1;
        Map<String, ?> members = once
                ? Map.of("isUsableOnce", true)
                : Map.of("isUsableOnce", false, "maximumUses", uses, "lifetimeInMinutes", 10 + 10 * uses);
        InForce before = policy.inForce();
        Answer answer = tap.issue(user.id, members);
        boolean policyHeld = before != null && held(before);
        if (answer.unknown()) {
            user.inDoubt = true;
            histories.ofUser(user.id, Operation.possible(What.WITHDRAWN, answer.begun()), null);
            return null;
        }
        if (answer.refused()) {
            if (user.known && (answer.status() == 404 || (policyHeld && before != null && before.enabled()))) {
                journal.violation(
                        "what the policy allows is allowed",
                        "issuing to user " + user.id + " answered " + answer.status() + " " + answer.body());
            }
            return null;
        }
        boolean knownBefore = user.known;
        user.known = true;
        String code = answer.text("temporaryAccessPass");
        TrackedPass pass = new TrackedPass(
                user.id,
                answer.text("id"),
                code,
                uses,
                answer.confirmed() && answer.body().path("isUsable").asBoolean());
        journal.acknowledged(new Acknowledged.PassIssued(user.id, pass.id(), uses));
        record(pass, answer, knownBefore);
        if (policyHeld && before != null && (!before.enabled() || before.length() != code.length())) {
            journal.violation(
                    "a confirmed policy is obeyed",
                    pass + " was issued with a code of " + code.length() + " characters under a policy that is "
                            + (before.enabled() ? "enabled" : "disabled") + " and wants " + before.length());
        }
        return pass;
    }

    // A user of whom not everybody has heard may be refused a little longer.
    private void record(TrackedPass pass, Answer issued, boolean known) {
        histories.issued(
                new PassHistories.Whose(pass.userId(), pass.id()),
                pass.limit(),
                issued.ended(),
                pass.sure() && known
                        ? Operation.effective(What.ADMITTED, issued.begun(), issued.ended())
                        : Operation.announced(What.ADMITTED, issued.begun()));
        issued.operation(What.WITHDRAWN).ifPresent(withdrawn -> histories.ofUser(pass.userId(), withdrawn, pass.id()));
    }

    private Answer redeem(TrackedPass pass) {
        InForce before = policy.inForce();
        Answer answer = tap.redeem(pass.userId(), pass.code());
        if (answer.unknown()) {
            journal.redemptionUnknown(pass.id());
        }
        switch (answer.status()) {
            case 200 -> histories.ofPass(pass.id(), Operation.effective(What.USED, answer.begun(), answer.ended()));
            case 400 -> histories.ofPass(pass.id(), Operation.effective(What.REFUSED, answer.begun(), answer.ended()));
            case 429 -> {} // nobody looked at the pass
            default -> histories.ofPass(pass.id(), Operation.possible(What.USED, answer.begun()));
        }
        if (!answer.acknowledged()) {
            return answer;
        }
        JWTClaimsSet claims = claims(answer);
        journal.acknowledged(new Acknowledged.PassRedeemed(pass.userId(), pass.id(), claims.getJWTID()));
        if (!pass.used(claims.getJWTID())) {
            journal.violation("each use has a token of its own", pass + " gave " + claims.getJWTID() + " twice");
        }
        if (pass.exceeded()) {
            journal.violation(
                    "a pass signs in as often as it says, and not once more",
                    pass + " may be used " + pass.limit() + " times and was " + pass.uses() + " times");
        }
        if (pass.goneBefore(answer.begun())) {
            journal.violation("what is gone is refused", pass + " was deleted or replaced before it was redeemed");
        }
        if (before != null && held(before) && !before.enabled()) {
            journal.violation("a confirmed policy is obeyed", pass + " was redeemed while passes are disabled");
        }
        if (!pass.userId().equals(claims.getSubject())) {
            journal.violation("a token names its user", pass + " gave a token of " + claims.getSubject());
        }
        return answer;
    }

    private boolean held(@Nullable InForce before) {
        return before == policy.inForce();
    }

    private static JWTClaimsSet claims(Answer answer) {
        try {
            return SignedJWT.parse(answer.text("access_token")).getJWTClaimsSet();
        } catch (ParseException e) {
            throw new AssertionError("no token: " + answer.body(), e);
        }
    }

    private static List<Answer> race(ExecutorService racers, List<Callable<Answer>> attempts)
            throws InterruptedException {
        List<Answer> answers = new ArrayList<>();
        for (Future<Answer> attempt : racers.invokeAll(attempts)) {
            try {
                answers.add(attempt.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
        return answers;
    }
}
