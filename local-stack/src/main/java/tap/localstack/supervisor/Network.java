package tap.localstack.supervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

import tap.contract.ContractJson;
import tap.localstack.infrastructure.LoopbackPorts;
import tap.localstack.infrastructure.ProxiedListener;

/**
 * The ports at which pods look for PostgreSQL and Kafka when somebody stands in between: the fault kit, which writes this into the
 * stack's folder before its first start. Without it pods reach both where they are.
 *
 * @param postgresPort where pods look for PostgreSQL, on the loopback interface
 * @param kafka the broker's second listener, and where pods look for it
 */
public record Network(int postgresPort, ProxiedListener kafka) {

    /** On ports that nobody listens on at this moment. */
    public static Network pick() {
        return new Network(LoopbackPorts.pick(), ProxiedListener.pick());
    }

    /** Has the pods of a stack that was not started yet go through it. */
    public void write(StackFolder folder) {
        try {
            Files.createDirectories(folder.path());
            Files.writeString(file(folder), ContractJson.mapper().writeValueAsString(this));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Optional<Network> of(StackFolder folder) {
        try {
            return Optional.of(ContractJson.mapper().readValue(Files.readString(file(folder)), Network.class));
        } catch (NoSuchFileException nobodyInBetween) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file(StackFolder folder) {
        return folder.path().resolve("network.json");
    }
}
