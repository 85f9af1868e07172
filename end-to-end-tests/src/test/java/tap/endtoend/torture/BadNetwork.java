package tap.endtoend.torture;

import java.nio.file.Path;

import tap.endtoend.Stack;
import tap.localstack.infrastructure.PostgresProcess;
import tap.localstack.supervisor.Network;
import tap.localstack.supervisor.StackFolder;
import tap.testkit.faults.TcpProxy;

/** Stands between all pods of a stack and its servers. */
final class BadNetwork implements AutoCloseable {
    private final TcpProxy postgres;
    private final TcpProxy kafka;
    private int postgresPort;

    private BadNetwork(Path data, Network network) {
        this.postgres = TcpProxy.at(network.postgresPort(), () -> postgresPort(data.resolve("postgres")));
        this.kafka = TcpProxy.to(network.kafka());
    }

    /** Between the pods and the servers of a stack that was not started yet; nothing is wrong yet. */
    static BadNetwork of(Stack stack) {
        Network network = Network.pick();
        network.write(StackFolder.at(stack.data()));
        return new BadNetwork(stack.data(), network);
    }

    /** To PostgreSQL. */
    TcpProxy postgres() {
        return postgres;
    }

    /** To Kafka. */
    TcpProxy kafka() {
        return kafka;
    }

    @Override
    public void close() {
        postgres.close();
        kafka.close();
    }

    // Where it is now, or was before it was ended: then the connection is refused. Asked on one event loop.
    private int postgresPort(Path home) {
        PostgresProcess.attach(home).ifPresent(running -> postgresPort = running.port());
        return postgresPort;
    }
}
