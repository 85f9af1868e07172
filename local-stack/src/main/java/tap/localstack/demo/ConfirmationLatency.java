package tap.localstack.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

import com.fasterxml.jackson.core.JsonProcessingException;
import tap.contract.ContractJson;
import tap.localstack.demo.Exchange.Answer;
import tap.localstack.identity.AdministratorRole;
import tap.localstack.infrastructure.LocalStackException;
import tap.localstack.supervisor.StackState;

/**
 * How long it takes until the answer is true everywhere: issue, delete and policy at ten a second, on a stack that was warmed up.
 * From commit to confirmed as the pods count it themselves; and the whole request, which is more: the gateway, HTTP, the two
 * statements and the client. Requests start on a fixed schedule and are timed from their due moment: a slow one makes its successors
 * late, and that is counted.
 */
final class ConfirmationLatency {
    private static final Duration INTERVAL = Duration.ofMillis(100);
    /** Ten requests a second would take a JVM's compiler many minutes to notice. */
    static final int WARMING_CLIENTS = 4;

    /** From this length on a code needs no Argon2, whose 20 ms have nothing to do with confirmation (design: secrets). */
    private static final int LONG_CODE = 24;

    private final Stage stage;
    private final Exchange gateway;
    private final String passToken;
    private final String policyToken;
    private final List<String> passes;
    private final Map<String, List<StackState.Pod>> pods;

    /**
     * @param users each has passes of its own; the first is measured, all are warmed up with
     * @param pods the pods of each service
     */
    ConfirmationLatency(
            Stage stage,
            Exchange gateway,
            Administrators administrators,
            List<String> users,
            Map<String, List<StackState.Pod>> pods) {
        this.stage = stage;
        this.gateway = gateway;
        this.passToken = administrators.token(AdministratorRole.AUTHENTICATION_ADMINISTRATOR);
        this.policyToken = administrators.token(AdministratorRole.AUTHENTICATION_POLICY_ADMINISTRATOR);
        this.passes = users.stream().map(Story::passes).toList();
        this.pods = pods;
    }

    void measure(Duration warmUp, int rounds) {
        policy(0);
        stage.say(String.format(
                Locale.ROOT, "%nWarming up for %d s (a JVM's first seconds say nothing) ...", warmUp.toSeconds()));
        warm(System.nanoTime() + warmUp.toNanos());
        stage.say("Measuring " + rounds + " of each, ten requests a second ...");
        ConfirmationHistogram issuesBefore = counted("pass-service", "issue");
        ConfirmationHistogram deletesBefore = counted("pass-service", "delete");
        ConfirmationHistogram policiesBefore = counted("policy-service", "policy");
        List<Sample> issues = new ArrayList<>();
        List<String> issued = new ArrayList<>();
        List<Sample> deletes = new ArrayList<>();
        List<Sample> policies = new ArrayList<>();
        everyTenth(rounds * 2, (round, due) -> {
            if (round % 2 == 0) {
                Answer answer = issue(passes.getFirst());
                issues.add(Sample.of(answer, due));
                issued.add(id(answer));
            } else {
                deletes.add(Sample.of(delete(passes.getFirst(), issued.getLast()), due));
            }
        });
        everyTenth(rounds, (round, due) -> policies.add(Sample.of(policy(round), due)));
        report("issue", issues, counted("pass-service", "issue").since(issuesBefore));
        report("delete", deletes, counted("pass-service", "delete").since(deletesBefore));
        report("policy", policies, counted("policy-service", "policy").since(policiesBefore));
        policyBack();
    }

    private void warm(long end) {
        List<Future<?>> clients = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String own : passes) {
                clients.add(threads.submit(() -> {
                    for (int round = 0; System.nanoTime() < end; round++) {
                        delete(own, id(issue(own)));
                        policy(round);
                    }
                }));
            }
        }
        for (Future<?> client : clients) {
            if (client.state() == Future.State.FAILED) {
                throw new LocalStackException(
                        "The measurement breaks off: " + client.exceptionNow(), client.exceptionNow());
            }
        }
    }

    private ConfirmationHistogram counted(String service, String operation) {
        return ConfirmationHistogram.of(
                pods.getOrDefault(service, List.of()).stream()
                        .map(StackState.Pod::url)
                        .toList(),
                operation);
    }

    private void report(String what, List<Sample> samples, ConfirmationHistogram counted) {
        List<Double> confirmed = new ArrayList<>(
                samples.stream().filter(Sample::confirmed).map(Sample::millis).toList());
        if (confirmed.isEmpty()) {
            stage.say("   " + what + ": none of " + samples.size() + " was confirmed in time");
            return;
        }
        Collections.sort(confirmed);
        stage.say(String.format(
                Locale.ROOT,
                "   %-7s commit to confirmed: p50 within %5.1f ms, p99 within %5.1f ms (goal 40 ms)   whole request: p50 %5.1f ms,"
                        + " p99 %5.1f ms, longest %5.1f ms   (%d of %d confirmed)",
                what,
                counted.withinMillis(0.50),
                counted.withinMillis(0.99),
                percentile(confirmed, 0.50),
                percentile(confirmed, 0.99),
                confirmed.getLast(),
                confirmed.size(),
                samples.size()));
    }

    /** The nearest-rank percentile. */
    static double percentile(List<Double> sorted, double share) {
        return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }

    private static void everyTenth(int times, Timed work) {
        long start = System.nanoTime() + INTERVAL.toNanos();
        for (int round = 0; round < times; round++) {
            long due = start + round * INTERVAL.toNanos();
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            work.run(round, due);
        }
    }

    private Answer issue(String passes) {
        return require(gateway.json("POST", passes, passToken, "{\"isUsableOnce\":true}"), 201);
    }

    private Answer delete(String passes, String passId) {
        return require(gateway.json("DELETE", passes + "/" + passId, passToken, null), 204);
    }

    private Answer policy(int round) {
        // Another value each time: a change that changes nothing has nothing to confirm.
        return policy("{\"defaultLength\":" + (LONG_CODE + round % 2) + "}");
    }

    private void policyBack() {
        policy("{\"defaultLength\":" + Story.SHORT_CODE + "}");
    }

    private Answer policy(String change) {
        return require(gateway.json("PATCH", Story.POLICY, policyToken, change), 204);
    }

    /** Not confirmed in time is 202 and counted as such; anything else ends the measurement. */
    private static Answer require(Answer answer, int status) {
        if (answer.status() != status && answer.status() != 202) {
            throw new LocalStackException(
                    "The measurement breaks off: " + answer.status() + " " + answer.body() + ". See ./tap logs.");
        }
        return answer;
    }

    private static String id(Answer answer) {
        try {
            return ContractJson.mapper().readTree(answer.body()).path("id").asText();
        } catch (JsonProcessingException e) {
            throw new LocalStackException("The measurement breaks off: not JSON: " + answer.body(), e);
        }
    }

    private interface Timed {
        void run(int round, long due);
    }

    private record Sample(double millis, boolean confirmed) {
        static Sample of(Answer answer, long due) {
            boolean confirmed = answer.status() != 202 && !"pending".equals(answer.confirmation());
            return new Sample((answer.began() + answer.nanos() - due) / 1e6, confirmed);
        }
    }
}
