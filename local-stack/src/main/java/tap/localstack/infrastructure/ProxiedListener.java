package tap.localstack.infrastructure;

/**
 * A second listener of a broker, for clients that reach it through a proxy: a client goes where the broker says it is, so this
 * listener says that it is at the proxy. Clients of the first listener go past the proxy.
 *
 * @param port where the broker listens for the proxy, on the loopback interface
 * @param proxyPort where the proxy listens for clients, on the loopback interface
 */
public record ProxiedListener(int port, int proxyPort) {

    /** On ports that nobody listens on at this moment. */
    public static ProxiedListener pick() {
        return new ProxiedListener(LoopbackPorts.pick(), LoopbackPorts.pick());
    }
}
