package tap.testkit.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import tap.localstack.infrastructure.KafkaProcess;
import tap.localstack.infrastructure.ProxiedListener;

/**
 * A network between a service and its PostgreSQL or Kafka that can be made bad: a port on the loopback interface whose connections
 * are passed on to the server's. Faults add up, hold for the connections there are and for new ones, and end with {@link #heal}.
 *
 * <p>TCP loses no bytes within a connection: what a bad network drops is sent again until it arrives or one end gives up. Hence what
 * is lost here is held, and arrives in order after healing.
 */
public final class TcpProxy implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final long PATIENCE_S = 30;

    // One event loop: whatever it runs needs no lock.
    private final Vertx vertx =
            Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
    private final Context loop = vertx.getOrCreateContext();
    private final NetClient client = vertx.createNetClient();
    private final NetServer listener = vertx.createNetServer();
    private final Set<ProxiedConnection> connections = new LinkedHashSet<>();
    private final Set<Direction> lost = EnumSet.noneOf(Direction.class);
    private final IntSupplier serverPort;
    private boolean deaf;
    private Duration latency = Duration.ZERO;

    private TcpProxy(IntSupplier serverPort) {
        this.serverPort = serverPort;
    }

    /**
     * Listens on a free port; nothing is wrong yet.
     *
     * @param serverPort the server's port on the loopback interface; it need not listen yet
     */
    public static TcpProxy to(int serverPort) {
        return listen(0, () -> serverPort);
    }

    /**
     * Listens on a port that clients were told before.
     *
     * @param port on the loopback interface
     * @param serverPort asked for each connection, on the event loop; the server may move
     */
    public static TcpProxy at(int port, IntSupplier serverPort) {
        return listen(port, serverPort);
    }

    /**
     * Listens where the broker tells the clients of its proxied listener that it is; one proxy at a time. Clients of
     * {@link KafkaProcess#bootstrap} go past it.
     *
     * @param kafka started with a {@link ProxiedListener}, as the build's is
     */
    public static TcpProxy to(KafkaProcess kafka) {
        return to(kafka.proxied().orElseThrow());
    }

    /** As {@link #to(KafkaProcess)}, for a broker that need not run yet. */
    public static TcpProxy to(ProxiedListener proxied) {
        return listen(proxied.proxyPort(), proxied::port);
    }

    private static TcpProxy listen(int port, IntSupplier serverPort) {
        TcpProxy proxy = new TcpProxy(serverPort);
        proxy.listener.connectHandler(proxy::accept);
        join(proxy.listener.listen(port, LOOPBACK).toCompletionStage().toCompletableFuture());
        return proxy;
    }

    /** The port that the service is given in the server's place. */
    public int port() {
        return listener.actualPort();
    }

    /** {@code host:port} of it, as {@code bootstrap.servers} takes it. */
    public String address() {
        return LOOPBACK + ":" + port();
    }

    /** How many clients are connected. */
    public int connections() {
        CompletableFuture<Integer> count = new CompletableFuture<>();
        onLoop(() -> count.complete(connections.size()));
        return count.join();
    }

    /** Whatever is sent from now on arrives so much later, each way; order is kept. */
    public void latency(Duration oneWay) {
        onLoop(() -> latency = oneWay);
    }

    /** One-way loss: nothing arrives in this direction, the ends of connections included. The other direction works. */
    public void lose(Direction direction) {
        onLoop(() -> lost.add(direction));
    }

    /**
     * Half-open: connections are accepted, and that is all, as by a server whose machine has hung. Those there are fall silent; new
     * ones do not reach the server before {@link #heal}.
     */
    public void hang() {
        onLoop(() -> deaf = true);
    }

    /** Cuts all connections that there are, at both ends (RST); what was under way is gone. New ones are as before. */
    public void reset() {
        onLoop(() -> new ArrayList<>(connections).forEach(ProxiedConnection::reset));
    }

    /** Ends all faults. What was held arrives, and who waited for the server is connected. */
    public void heal() {
        onLoop(() -> {
            deaf = false;
            lost.clear();
            latency = Duration.ZERO;
            new ArrayList<>(connections).forEach(ProxiedConnection::heal);
        });
    }

    /** Cuts all connections and stops listening. */
    @Override
    public void close() {
        reset();
        join(vertx.close().toCompletionStage().toCompletableFuture());
    }

    private void accept(NetSocket socket) {
        ProxiedConnection connection = new ProxiedConnection(this, socket);
        connections.add(connection);
        if (!deaf) {
            connection.connect();
        }
    }

    Vertx vertx() {
        return vertx;
    }

    /** A new connection to the server. */
    Future<NetSocket> toServer() {
        return client.connect(serverPort.getAsInt(), LOOPBACK);
    }

    boolean holds(Direction direction) {
        return deaf || lost.contains(direction);
    }

    Duration latency() {
        return latency;
    }

    void ended(ProxiedConnection connection) {
        connections.remove(connection);
    }

    private void onLoop(Runnable change) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.runOnContext(now -> {
            try {
                change.run();
                done.complete(null);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        join(done);
    }

    private static void join(CompletableFuture<?> done) {
        done.orTimeout(PATIENCE_S, TimeUnit.SECONDS).join();
    }
}
