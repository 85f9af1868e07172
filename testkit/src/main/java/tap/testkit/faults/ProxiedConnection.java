package tap.testkit.faults;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;
import org.jspecify.annotations.Nullable;

/** A client's connection and the one to the server that it is passed on to. Lives on the proxy's event loop. */
final class ProxiedConnection {
    private final TcpProxy proxy;
    private final NetSocket client;
    private final Flow toServer;
    private @Nullable NetSocket server;
    private @Nullable Flow toClient;
    private boolean asked;
    private boolean clientClosed;
    private boolean serverClosed;
    private boolean over;

    ProxiedConnection(TcpProxy proxy, NetSocket client) {
        this.proxy = proxy;
        this.client = client;
        this.toServer = new Flow(proxy, Direction.TO_SERVER, client);
        client.closeHandler(closed -> {
            clientClosed = true;
            endIfBothClosed();
        });
    }

    /** Connects to the server; a client of a server that does not listen is reset. */
    void connect() {
        asked = true;
        proxy.toServer().onComplete(connected -> {
            NetSocket socket = connected.result();
            if (socket == null) {
                reset();
            } else if (over) {
                cut(socket);
            } else {
                server = socket;
                socket.closeHandler(closed -> {
                    serverClosed = true;
                    endIfBothClosed();
                });
                toClient = new Flow(proxy, Direction.TO_CLIENT, socket);
                toClient.into(client);
                toServer.into(socket);
            }
        });
    }

    /** Passes on what was held, to a server that was perhaps never asked. */
    void heal() {
        if (!asked) {
            connect();
        }
        toServer.move();
        if (toClient != null) {
            toClient.move();
        }
    }

    /** Ends both connections so that both peers see a reset. */
    void reset() {
        over = true;
        proxy.ended(this);
        cut(client);
        if (server != null) {
            cut(server);
        }
    }

    private void endIfBothClosed() {
        if (clientClosed && (serverClosed || !asked)) {
            over = true;
            proxy.ended(this);
        }
    }

    // A socket that is closed with a linger time of 0 sends RST instead of FIN (socket(7)).
    private static void cut(NetSocket socket) {
        Channel channel = ((NetSocketInternal) socket).channelHandlerContext().channel();
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            socket.close();
        }
    }
}
