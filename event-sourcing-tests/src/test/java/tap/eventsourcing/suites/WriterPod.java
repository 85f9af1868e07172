package tap.eventsourcing.suites;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.EventStore;
import tap.eventsourcing.Handled;
import tap.eventsourcing.Load;
import tap.eventsourcing.suites.Tally.Add;
import tap.eventsourcing.suites.Tally.Added;
import tap.eventsourcing.suites.Tally.Full;
import tap.testkit.infrastructure.ServiceTimeouts;

/**
 * A pod that a test can freeze at a chosen instant of a command. It hears {@code add <stream>}, says {@code decide <version>} whenever it has
 * loaded the stream, decides and appends when it hears {@code go}, and says {@code accepted <total>} or {@code failed <class>}.
 */
final class WriterPod {
    /** The {@code application_name} of its connections. */
    static final String NAME = "writer-pod";

    static final String URL = "WRITER_POD_URL";
    static final String USER = "WRITER_POD_USER";
    static final String PASSWORD = "WRITER_POD_PASSWORD";

    private final CommandHandler<Add, Tally, Added, Full> handler;

    private volatile CompletableFuture<Add> awaited = new CompletableFuture<>();

    private WriterPod(Pool pool) {
        handler = new CommandHandler<>(
                new EventStore(), pool, new Tally.Rules(), Tally.EVENTS, Tally.states(1), () -> {});
    }

    static void main(String[] arguments) throws IOException {
        PgConnectOptions options = PgConnectOptions.fromUri(System.getenv(URL))
                .setUser(System.getenv(USER))
                .setPassword(System.getenv(PASSWORD))
                .setCachePreparedStatements(true)
                .addProperty("application_name", NAME);
        Pool pool = Pool.pool(Vertx.vertx(), ServiceTimeouts.setOn(options), new PoolOptions().setMaxSize(4));
        WriterPod pod = new WriterPod(pool);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.equals("go")) {
                pod.awaited.complete(new Add(Integer.MAX_VALUE));
            } else {
                pod.add(line.substring("add ".length()));
            }
        }
        System.exit(0);
    }

    private void add(String stream) {
        handler.handle(
                        Load.head(stream),
                        loaded -> {
                            CompletableFuture<Add> go = new CompletableFuture<>();
                            awaited = go;
                            say("decide " + loaded.version());
                            return Uni.createFrom().completionStage(go);
                        },
                        TallyService.metadata())
                .subscribe()
                .with(
                        handled -> say(
                                handled instanceof Handled.Accepted<Tally, Added, Full> accepted
                                        ? "accepted "
                                                + accepted.events()
                                                        .getFirst()
                                                        .event()
                                                        .total()
                                        : "rejected"),
                        failure -> say("failed " + failure.getClass().getSimpleName()));
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
