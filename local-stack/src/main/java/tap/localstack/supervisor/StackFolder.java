package tap.localstack.supervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.jspecify.annotations.Nullable;
import tap.contract.ContractJson;
import tap.localstack.infrastructure.Directories;
import tap.localstack.infrastructure.LocalStackException;
import tap.localstack.infrastructure.SecretFile;

/**
 * The folder of one stack ({@code .tap} unless told otherwise): its data, its secrets, its logs and what is known of it.
 *
 * @param path in absolute form, because child processes are recognised by it
 */
public record StackFolder(Path path) {
    private static final List<String> OWN_ENTRIES =
            List.of("postgres", "kafka", "secrets", "logs", "network.json", "stack.json", "supervisor.lock");

    /** The folder at this path, which need not exist yet. */
    public static StackFolder at(Path path) {
        return new StackFolder(path.toAbsolutePath().normalize());
    }

    /** PostgreSQL's folder. */
    public Path postgres() {
        return path.resolve("postgres");
    }

    /** Kafka's folder. */
    public Path kafka() {
        return path.resolve("kafka");
    }

    /** Which topics its Kafka has been given. */
    Path createdTopics() {
        return kafka().resolve("created-topics");
    }

    /** Key rings, signing keys and the development key. */
    public Path secrets() {
        return path.resolve("secrets");
    }

    /** Where the services and the supervisor write. */
    public Path logs() {
        return path.resolve("logs");
    }

    /** What is known of the stack, unless none was ever started here. */
    public Optional<StackState> state() {
        try {
            return Optional.of(ContractJson.mapper().readValue(Files.readString(stateFile()), StackState.class));
        } catch (JsonProcessingException e) {
            throw new LocalStackException(
                    stateFile() + " cannot be read: " + e.getOriginalMessage() + ". Run ./tap reset to begin anew.", e);
        } catch (IOException noStackYet) {
            return Optional.empty();
        }
    }

    /** The state of a stack that must have been started here. */
    public StackState requireState() {
        return state().orElseThrow(() ->
                new LocalStackException("No stack has been started on " + path + ". Start one with ./tap up."));
    }

    /** The state of a stack that must run here now. */
    public StackState requireRunning() {
        return state().filter(StackState::isRunning)
                .orElseThrow(() -> new LocalStackException("No stack runs on " + path + ". Start one with ./tap up."));
    }

    void write(StackState state) {
        try {
            SecretFile.write(
                    stateFile(),
                    ContractJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(state));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes the right to supervise this stack, which ends with this JVM however it ends; empty if another JVM has it. */
    @SuppressWarnings("resource") // held until the JVM ends
    Optional<FileLock> lock() {
        try {
            Files.createDirectories(path);
            FileChannel channel = FileChannel.open(
                    path.resolve("supervisor.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            @Nullable FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
            }
            return Optional.ofNullable(lock);
        } catch (OverlappingFileLockException heldHere) {
            return Optional.empty();
        } catch (IOException e) {
            throw new LocalStackException("Cannot write to " + path + ": " + e.getMessage(), e);
        }
    }

    /** Deletes what a stack has written here, and nothing else. */
    public void delete() {
        try {
            for (String entry : OWN_ENTRIES) {
                Directories.delete(path.resolve(entry));
            }
            Files.deleteIfExists(path);
        } catch (DirectoryNotEmptyException holdsSomethingElse) {
            // Not ours to delete.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path stateFile() {
        return path.resolve("stack.json");
    }
}
