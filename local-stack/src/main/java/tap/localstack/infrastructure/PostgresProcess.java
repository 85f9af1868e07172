package tap.localstack.infrastructure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL 18 server on the loopback interface that survives the JVM which started it. Its folder holds the data, the
 * log and the superuser's password; whoever has the folder can attach to the server, stop it, or start it again after a kill.
 */
public final class PostgresProcess {
    /** The superuser of every server that this class makes. */
    public static final String SUPERUSER = "postgres";

    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

    private final Path directory;
    private final int port;
    private final RunningProcess process;

    private PostgresProcess(Path directory, int port, RunningProcess process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    /**
     * Starts the server of this folder, creating its data when there is none; attaches if it runs already. Returns when
     * it answers queries. Racing callers, in other JVMs too, end up with the same server.
     *
     * @param directory the server's own folder
     * @param port the port to listen on, 0 for any that is free
     * @param durability what a commit promises; may differ from one start to the next
     * @throws LocalStackException if it cannot be started, with the end of its log
     */
    public static PostgresProcess start(Path directory, int port, Durability durability) {
        Path home = directory.toAbsolutePath();
        return ExclusiveStart.in(home, () -> attach(home).orElseGet(() -> launch(home, port, durability)));
    }

    /** The server of this folder, if it runs. */
    public static Optional<PostgresProcess> attach(Path directory) {
        Path home = directory.toAbsolutePath();
        try {
            List<String> lines = Files.readAllLines(home.resolve("data/postmaster.pid"));
            // Line 1 is the process id, line 4 the port, line 8 the state (PostgreSQL: src/include/utils/pidfile.h).
            if (lines.size() < 8 || !lines.get(7).strip().equals("ready")) {
                return Optional.empty();
            }
            return RunningProcess.find(Long.parseLong(lines.getFirst().strip()))
                    .filter(found -> isPostgresOf(found, home))
                    .map(found -> new PostgresProcess(
                            home, Integer.parseInt(lines.get(3).strip()), found));
        } catch (IOException neverStartedOrStopped) {
            return Optional.empty();
        }
    }

    /** The server's port on the loopback interface. */
    public int port() {
        return port;
    }

    /** The postmaster's process id. */
    public long pid() {
        return process.pid();
    }

    /** The postmaster. */
    public RunningProcess process() {
        return process;
    }

    /** Where the server writes its log. */
    public Path log() {
        return directory.resolve("postgres.log");
    }

    /** The JDBC URL of a database, without credentials. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** The URL of a database as Vert.x' reactive client takes it, without credentials. */
    public String reactiveUrl(String database) {
        return "postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** A connection to a database as the superuser. */
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), SUPERUSER, superuserPassword());
    }

    /** The superuser's password. */
    public String superuserPassword() {
        try {
            return Files.readString(passwordFile(directory)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the server in order: connections are cut, everything committed is written. Returns when it is gone. */
    public void stop() {
        // Fast shutdown is SIGINT (PostgreSQL documentation, 18.5); SIGTERM would wait for every client to leave.
        signal("INT");
        long deadline = System.nanoTime() + STOP_PATIENCE.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            pause();
        }
        process.kill();
    }

    /** Ends the server as a power cut would (SIGKILL to the postmaster; its children follow by themselves). */
    public void kill() {
        process.kill();
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isPostgresOf(RunningProcess found, Path home) {
        // The id in the file may belong to somebody else after a crash of the machine.
        return ProcessHandle.of(found.pid())
                .flatMap(handle -> handle.info().arguments())
                .map(arguments ->
                        List.of(arguments).contains(home.resolve("data").toString()))
                .orElse(true);
    }

    private static PostgresProcess launch(Path home, int port, Durability durability) {
        Path binaries = PostgresBinaries.unpacked();
        Path data = home.resolve("data");
        if (!Files.exists(data.resolve("PG_VERSION"))) {
            initialise(binaries, home, data);
        }
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        int chosen = LoopbackPorts.pick(port);
        if (port != 0 && chosen != port) {
            throw new LocalStackException("Port " + port + " for PostgreSQL is taken.");
        }
        while (true) {
            Process child = DetachedProcess.start(
                    asOrdinaryUser(serverCommand(binaries, data, chosen, durability)),
                    home,
                    Map.of(),
                    home.resolve("postgres.log"));
            while (child.isAlive()) {
                Optional<PostgresProcess> ready = attach(home);
                if (ready.isPresent()) {
                    return ready.get();
                }
                if (System.nanoTime() > deadline) {
                    child.destroyForcibly();
                    throw notStarted(home);
                }
                pause();
            }
            // After a SIGKILL the old server's children hold its shared memory for a moment longer.
            boolean oldOneLingers =
                    DetachedProcess.tail(home.resolve("postgres.log"), 4).contains("still in use");
            if (!oldOneLingers || System.nanoTime() > deadline) {
                throw notStarted(home);
            }
            pause();
        }
    }

    private static LocalStackException notStarted(Path home) {
        return new LocalStackException("PostgreSQL did not start; the end of " + home.resolve("postgres.log")
                + " says:\n" + DetachedProcess.tail(home.resolve("postgres.log"), 5));
    }

    private static List<String> serverCommand(Path binaries, Path data, int port, Durability durability) {
        List<String> command = new ArrayList<>(List.of(
                binaries.resolve("bin/postgres").toString(), "-D", data.toString(), "-p", Integer.toString(port)));
        List<String> settings = new ArrayList<>(List.of(
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "max_connections=300",
                "shared_buffers=128MB",
                "timezone=UTC",
                "log_timezone=UTC",
                "log_line_prefix=%m [%p] %d %u ",
                // What the benchmarks and the performance page look statements up in.
                "shared_preload_libraries=pg_stat_statements"));
        settings.addAll(durability.settings());
        settings.forEach(setting -> {
            command.add("-c");
            command.add(setting);
        });
        return command;
    }

    private static void initialise(Path binaries, Path home, Path data) {
        SecretFile.write(passwordFile(home), SecretFile.password());
        try {
            // What a start that was cut off has left.
            Directories.delete(data);
            Process initdb = DetachedProcess.start(
                    asOrdinaryUser(List.of(
                            binaries.resolve("bin/initdb").toString(),
                            "--pgdata=" + data,
                            "--username=" + SUPERUSER,
                            "--pwfile=" + passwordFile(home),
                            "--auth=scram-sha-256",
                            "--encoding=UTF8",
                            "--locale-provider=builtin",
                            "--locale=C.UTF-8")),
                    home,
                    Map.of(),
                    home.resolve("postgres.log"));
            if (!initdb.waitFor(START_PATIENCE.toSeconds(), TimeUnit.SECONDS) || initdb.exitValue() != 0) {
                initdb.destroyForcibly();
                throw notStarted(home);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalStackException("Interrupted while PostgreSQL was set up.", e);
        }
    }

    /** PostgreSQL refuses to run as root; in a user namespace of its own the same process is nobody. */
    private static List<String> asOrdinaryUser(List<String> command) {
        if (!System.getProperty("user.name").equals("root")) {
            return command;
        }
        if (!DetachedProcess.isOnPath("unshare")) {
            throw new LocalStackException("PostgreSQL does not run as root. Start the stack as an ordinary user.");
        }
        List<String> full = new ArrayList<>(List.of("unshare", "--user"));
        full.addAll(command);
        return full;
    }

    private static Path passwordFile(Path home) {
        return home.resolve("superuser-password");
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalStackException("Interrupted while waiting for PostgreSQL.", e);
        }
    }
}
