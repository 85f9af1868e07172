package tap.localstack.infrastructure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;

/** TCP ports of the loopback interface. */
public final class LoopbackPorts {
    // Below the ports that systems give to outgoing connections (RFC 6335 §6; Linux begins at 32768): a server that
    // is started again on its port must not find a client there.
    private static final int FIRST = 20_000;
    private static final int LAST = 31_999;

    private LoopbackPorts() {}

    /** A port that nobody listens on at this moment, and that no outgoing connection will be given. */
    public static int pick() {
        return ThreadLocalRandom.current()
                .ints(FIRST, LAST + 1)
                .limit(1_000)
                .filter(LoopbackPorts::isFree)
                .findFirst()
                .orElseThrow(() -> new LocalStackException("No port from " + FIRST + " to " + LAST + " is free."));
    }

    /** The wanted port if nobody listens on it (0 wants none in particular), else one that is free. */
    public static int pick(int wanted) {
        return wanted != 0 && isFree(wanted) ? wanted : pick();
    }

    /** Whether a server could listen on this port now. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // As servers do: connections of an earlier run that are still closing do not count.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** Whether somebody accepts connections on this port. */
    public static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }
}
