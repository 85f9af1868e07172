package tap.benchmarks;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;

import io.smallrye.mutiny.Multi;
import io.vertx.mutiny.sqlclient.SqlConnection;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tap.eventsourcing.relay.Relay;

/**
 * What one transaction that is held open costs the relay: the same three things without it and with it, in one run. Live: events
 * are appended as fast as they can be while the relay runs; backlog: they were appended before it starts; trickle: 500 a second
 * until the transaction is a minute old.
 */
@Command(
        name = "held-transaction",
        mixinStandardHelpOptions = true,
        description = "Compares the relay with and without a transaction held open for a minute.")
public final class HeldTransaction implements Callable<Integer> {
    private static final int AT_ONCE = 20;
    private static final int APPENDERS = 8;
    private static final int TRICKLE = 500;
    private static final Duration HELD = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Option(
            names = "--events",
            defaultValue = "100000",
            description = "events of each part (default: ${DEFAULT-VALUE})")
    private int events;

    private HeldTransaction() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new HeldTransaction()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        try (RelayStage stage = new RelayStage("relayed")) {
            measure(stage, "warm-up", System.nanoTime());
            Rates without = measure(stage, "without", System.nanoTime() + HELD.toNanos());
            SqlConnection holder = stage.pool.getConnectionAndAwait();
            holder.begin().await().atMost(PATIENCE);
            holder.query("SELECT pg_current_xact_id()").execute().await().atMost(PATIENCE);
            Rates with = measure(stage, "held", System.nanoTime() + HELD.toNanos());
            holder.query("COMMIT").execute().await().atMost(PATIENCE);
            holder.closeAndAwait();
            System.out.printf(
                    "with a held transaction: live %.0f %%, backlog %.0f %% of without%n",
                    100 * with.live / without.live, 100 * with.backlog / without.backlog);
        }
        return 0;
    }

    private Rates measure(RelayStage stage, String what, long until) throws InterruptedException {
        AtomicLong published = new AtomicLong();
        double live;
        try (Relay relay = started(stage, published)) {
            long begin = System.nanoTime();
            append(stage, events);
            awaitPublished(relay, published);
            live = events / RelayStage.seconds(begin, System.nanoTime());
        }
        append(stage, events);
        published.set(0);
        double backlog;
        long begun = System.nanoTime();
        try (Relay relay = started(stage, published)) {
            awaitPublished(relay, published);
            backlog = events / RelayStage.seconds(begun, System.nanoTime());
            System.out.printf("%s: live %,.0f a second, backlog %,.0f a second%n", what, live, backlog);
            trickle(stage, relay, what, until);
        }
        return new Rates(live, backlog);
    }

    private static Relay started(RelayStage stage, AtomicLong published) throws InterruptedException {
        Relay relay = stage.relay("relayed");
        relay.onPublished(batch -> published.addAndGet(batch.size()));
        relay.start();
        while (!relay.holdsLease()) {
            Thread.sleep(1);
        }
        return relay;
    }

    private static void append(RelayStage stage, int count) {
        Multi.createFrom()
                .range(0, count / AT_ONCE)
                .onItem()
                .transformToUni(i -> stage.append(AT_ONCE))
                .merge(APPENDERS)
                .collect()
                .last()
                .await()
                .atMost(PATIENCE);
    }

    private void awaitPublished(Relay relay, AtomicLong published) throws InterruptedException {
        while (published.get() < events) {
            relay.failure().ifPresent(failure -> System.out.println("fault: " + failure));
            Thread.sleep(1);
        }
    }

    private static void trickle(RelayStage stage, Relay relay, String what, long until) throws InterruptedException {
        Arrivals arrivals = new Arrivals();
        relay.onPublished(batch -> batch.forEach(event -> arrivals.arrived(event.eventId())));
        long interval = 1_000_000_000L / TRICKLE;
        for (long when = System.nanoTime(); when < until; when += interval) {
            RelayStage.sleepUntil(when);
            long planned = when;
            stage.append(1)
                    .subscribe()
                    .with(
                            ids -> arrivals.sent(ids.getFirst(), planned),
                            failure -> System.out.println("fault: " + failure));
        }
        System.out.printf("%s: trickle of %d a second, commit to acknowledged %s%n", what, TRICKLE, arrivals);
    }

    private record Rates(double live, double backlog) {}
}
