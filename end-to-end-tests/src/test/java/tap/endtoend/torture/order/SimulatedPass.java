package tap.endtoend.torture.order;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tap.endtoend.torture.order.Operation.What;
import tap.eventsourcing.Decision;
import tap.redemption.domain.Allowance;
import tap.redemption.domain.AllowanceCommand;
import tap.redemption.domain.AllowanceCommand.Redeem;
import tap.redemption.domain.AllowanceCommand.Withdraw;
import tap.redemption.domain.AllowanceDecider;
import tap.redemption.domain.AllowanceEvent;
import tap.redemption.domain.AllowanceEvent.PassAdmitted;
import tap.redemption.domain.AllowanceRejection;
import tap.redemption.domain.Circumstances;
import tap.redemption.domain.Pass;

/**
 * A pass, decided on by the product's own decider over a store of which each statement is one step. Clients take their steps in an
 * order that the seed decides, some lose their answers, and the clock goes wrong. With a bug, the store or the service is not what the
 * product's is.
 */
final class SimulatedPass {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LIFETIME = Duration.ofDays(30);
    private static final int CLIENTS = 5;
    private static final int STEPS = 150;
    private static final int MOST_SKEW_MS = 200;

    private final AllowanceDecider decider = new AllowanceDecider();
    private final Random random;
    private final @Nullable Bug bug;
    private final Pass pass;
    private final int limit;
    private final List<Operation> seen = new ArrayList<>();

    private Allowance state;
    private int version = 1;
    private Instant lastEventAt = BEGIN;
    private boolean enabled = true;
    private boolean withdrawalAnswered;
    private long time;
    private Duration skew = Duration.ZERO;

    /** What a product could get wrong. */
    enum Bug {
        /** Who appends does not look whether somebody else has since the state was read. */
        NO_VERSION_CHECK,
        /** A withdrawal is answered and not applied. */
        WITHDRAWAL_NOT_APPLIED,
        /** A withdrawal that has nothing left to take is never answered. */
        NO_OP_WITHDRAWAL_UNANSWERED,
        /** Now is what the clock says, also where that is before the last event. */
        CLOCK_STEPS_BACK
    }

    /**
     * What clients saw of a pass.
     *
     * @param initial before the first operation
     * @param operations until there was rest, and what was shown then
     */
    record History(PassState initial, List<Operation> operations) {}

    private SimulatedPass(long seed, @Nullable Bug bug) {
        this.random = new Random(seed);
        this.bug = bug;
        this.limit = 1 + random.nextInt(4);
        this.pass = new Pass(
                new UUID(0, 1),
                new UUID(0, 2),
                random.nextBoolean() ? BEGIN.plusMillis(random.nextInt(STEPS)) : null,
                BEGIN.plus(LIFETIME),
                limit == 1,
                limit == 1 ? null : limit,
                1);
        this.state = decider.evolve(decider.initial(), new PassAdmitted(pass, null, BEGIN));
    }

    /** Plays a pass; without a bug as the product does it. */
    static History play(long seed, @Nullable Bug bug) {
        return new SimulatedPass(seed, bug).play();
    }

    private History play() {
        seen.add(Operation.effective(What.ADMITTED, time, time));
        if (pass.startsAt() != null) {
            seen.add(Operation.possible(What.OPENED, time));
        }
        List<Client> clients = Stream.generate(Client::new).limit(CLIENTS).toList();
        for (int step = 0; step < STEPS; step++) {
            tick();
            clients.get(random.nextInt(CLIENTS)).step();
        }
        for (Client client : clients) {
            while (client.asked != null) {
                tick();
                client.step();
            }
        }
        tick();
        long rest = time;
        tick();
        seen.add(Operation.effective(withdrawalAnswered ? What.GONE : What.FOUND, time, time));
        return new History(
                PassState.issued(limit, pass.startsAt() == null, true),
                seen.stream().map(operation -> operation.by(rest)).toList());
    }

    private void tick() {
        time += 1 + random.nextInt(2_000_000);
        if (random.nextInt(8) == 0) {
            skew = Duration.ofMillis(random.nextInt(2 * MOST_SKEW_MS) - MOST_SKEW_MS);
        }
    }

    private Instant now() {
        Instant clock = BEGIN.plusNanos(time).plus(skew);
        return bug == Bug.CLOCK_STEPS_BACK || clock.isAfter(lastEventAt) ? clock : lastEventAt;
    }

    /** What the statement before a decision finds. */
    private record Read(Allowance state, int version, Instant now, boolean enabled) {}

    /** Asks for one thing after the other. */
    private final class Client {
        private @Nullable What asked;
        private long begun;
        private @Nullable Read read;

        void step() {
            if (asked == null) {
                asked = any();
                begun = time;
            } else if (random.nextInt(40) == 0) {
                answer(Operation.possible(asked, begun)); // the pod died before it did anything
            } else if (asked == What.ENABLED || asked == What.DISABLED) {
                enabled = asked == What.ENABLED;
                answer(Operation.effective(asked, begun, time));
            } else if (read == null) {
                read = new Read(state, version, now(), enabled);
            } else {
                decide(asked, read);
            }
        }

        private What any() {
            return switch (random.nextInt(24)) {
                case 0 -> What.WITHDRAWN;
                case 1 -> What.DISABLED;
                case 2, 3 -> What.ENABLED;
                default -> What.USED;
            };
        }

        private void answer(Operation operation) {
            boolean lost = random.nextInt(20) == 0;
            seen.add(lost && !operation.what().isReading() ? operation.inDoubt() : operation);
            asked = null;
            read = null;
        }

        private void decide(What what, Read found) {
            boolean withdraws = what == What.WITHDRAWN;
            if (withdraws && bug == Bug.WITHDRAWAL_NOT_APPLIED) {
                withdrawalAnswered = true;
                answer(Operation.effective(what, begun, time));
                return;
            }
            if (withdraws && bug == Bug.NO_OP_WITHDRAWAL_UNANSWERED && !(found.state instanceof Allowance.Open)) {
                answer(Operation.announced(what, begun));
                return;
            }
            AllowanceCommand command = withdraws ? withdraw(found) : redeem(found);
            switch (decider.decide(command, found.state)) {
                case Decision.Rejected<AllowanceEvent, AllowanceRejection> rejected ->
                    answer(Operation.effective(What.REFUSED, begun, time));
                case Decision.Accepted<AllowanceEvent, AllowanceRejection> accepted -> {
                    if (found.version != version && bug != Bug.NO_VERSION_CHECK) {
                        read = null;
                        return;
                    }
                    append(accepted.events(), command.at());
                    withdrawalAnswered |= withdraws;
                    answer(Operation.effective(what, begun, time));
                }
            }
        }

        private Redeem redeem(Read found) {
            Circumstances circumstances = new Circumstances(found.enabled, false, true, true, false);
            return new Redeem(true, circumstances, "client", new UUID(1, random.nextLong()), null, found.now);
        }

        private Withdraw withdraw(Read found) {
            return new Withdraw(pass.userId(), pass.passId(), found.now);
        }
    }

    private void append(List<AllowanceEvent> events, Instant at) {
        for (AllowanceEvent event : events) {
            state = decider.evolve(state, event);
            version++;
        }
        lastEventAt = at;
    }
}
