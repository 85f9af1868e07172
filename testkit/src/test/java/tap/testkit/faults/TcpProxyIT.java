package tap.testkit.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** The proxy before a server that sends back what it gets. */
class TcpProxyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Set<Socket> atServer = ConcurrentHashMap.newKeySet();

    @SuppressWarnings("NullAway.Init") // set before each test
    private ServerSocket server;

    @SuppressWarnings("NullAway.Init") // set before each test
    private TcpProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
        proxy = TcpProxy.to(server.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void passes_on_whatever_is_sent_and_the_end() throws IOException {
        byte[] much = "0123456789abcdef".repeat(200_000).getBytes(StandardCharsets.UTF_8);
        try (Socket client = connect()) {
            Thread.ofVirtual().start(() -> {
                try {
                    client.getOutputStream().write(much);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(client.getInputStream().readNBytes(much.length)).isEqualTo(much);
            assertThat(proxy.connections()).isEqualTo(1);
        }
        await().atMost(PATIENCE).until(() -> proxy.connections() == 0 && atServer.isEmpty());
    }

    @Test
    void latency_delays_each_way_and_keeps_the_order() throws IOException {
        try (Socket client = connect()) {
            assertThat(echo(client, "a")).isEqualTo("a");
            proxy.latency(Duration.ofMillis(150));
            long begin = System.nanoTime();
            assertThat(echo(client, "b")).isEqualTo("b");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(300));

            send(client, "c");
            send(client, "d");
            proxy.heal();
            send(client, "e");
            assertThat(receive(client, 3)).isEqualTo("cde");
        }
    }

    @Test
    void a_reset_cuts_the_connections_at_both_ends_and_no_later_one() throws IOException {
        try (Socket client = connect()) {
            assertThat(echo(client, "a")).isEqualTo("a");
            proxy.reset();
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
            await().atMost(PATIENCE).until(atServer::isEmpty);
        }
        try (Socket client = connect()) {
            assertThat(echo(client, "b")).isEqualTo("b");
        }
    }

    @Test
    void half_open_accepts_and_answers_nothing_until_it_is_healed() throws IOException {
        try (Socket before = connect()) {
            assertThat(echo(before, "a")).isEqualTo("a");
            proxy.hang();
            try (Socket after = connect()) {
                send(before, "b");
                send(after, "c");
                assertNothingArrives(before);
                assertNothingArrives(after);
                assertThat(atServer).hasSize(1);

                proxy.heal();
                assertThat(receive(before, 1)).isEqualTo("b");
                assertThat(receive(after, 1)).isEqualTo("c");
            }
        }
    }

    @Test
    void one_way_loss_towards_the_server_holds_only_what_is_sent_there() throws IOException {
        try (Socket client = connect()) {
            assertThat(echo(client, "a")).isEqualTo("a");
            proxy.lose(Direction.TO_SERVER);
            send(client, "b");
            atServer().getOutputStream().write('x');
            assertThat(receive(client, 1)).isEqualTo("x");
            assertNothingArrives(client);

            proxy.heal();
            assertThat(receive(client, 1)).isEqualTo("b");
        }
    }

    @Test
    void one_way_loss_towards_the_client_lets_the_server_act_unheard() throws IOException {
        try (Socket client = connect()) {
            assertThat(echo(client, "a")).isEqualTo("a");
            proxy.lose(Direction.TO_CLIENT);
            send(client, "!");
            // The server has read it, has closed, and nobody hears of that either.
            await().atMost(PATIENCE).until(atServer::isEmpty);
            assertNothingArrives(client);

            proxy.heal();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void without_a_server_connections_are_reset() throws IOException {
        // Bound, so that nobody else can take the port, and never listening, so that connections are refused.
        try (Socket taken = new Socket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            proxy.close();
            proxy = TcpProxy.to(taken.getLocalPort());
            try (Socket client = connect()) {
                assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            }
            await().atMost(PATIENCE).until(() -> proxy.connections() == 0);
        }
    }

    @Test
    void a_server_that_moved_is_found_where_it_is_now() throws IOException {
        AtomicInteger at = new AtomicInteger(1);
        int port = proxy.port();
        proxy.close();
        proxy = TcpProxy.at(port, at::get);
        at.set(server.getLocalPort());
        try (Socket client = connect()) {
            assertThat(proxy.port()).isEqualTo(port);
            assertThat(echo(client, "a")).isEqualTo("a");
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    private Socket atServer() {
        return List.copyOf(atServer).getFirst();
    }

    private static String echo(Socket client, String text) throws IOException {
        send(client, text);
        return receive(client, text.length());
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String receive(Socket client, int length) throws IOException {
        return new String(client.getInputStream().readNBytes(length), StandardCharsets.UTF_8);
    }

    private static void assertNothingArrives(Socket client) throws IOException {
        client.setSoTimeout(200);
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        client.setSoTimeout((int) PATIENCE.toMillis());
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket accepted = server.accept();
                atServer.add(accepted);
                Thread.ofVirtual().start(() -> sendBack(accepted));
            } catch (IOException closed) {
                return;
            }
        }
    }

    // "!" ends the connection.
    private void sendBack(Socket accepted) {
        byte[] bytes = new byte[8_192];
        try (accepted) {
            for (int read = accepted.getInputStream().read(bytes);
                    read > 0 && bytes[0] != '!';
                    read = accepted.getInputStream().read(bytes)) {
                accepted.getOutputStream().write(bytes, 0, read);
            }
        } catch (IOException reset) {
            // the end
        } finally {
            atServer.remove(accepted);
        }
    }
}
