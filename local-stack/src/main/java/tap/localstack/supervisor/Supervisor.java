package tap.localstack.supervisor;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.SocketAddress;
import tap.localstack.gateway.Gateway;
import tap.localstack.gateway.RouteTable;
import tap.localstack.identity.DevelopmentAuthorizationServer;
import tap.localstack.identity.DevelopmentKey;
import tap.localstack.infrastructure.Directories;
import tap.localstack.infrastructure.LocalStackException;
import tap.localstack.infrastructure.LoopbackPorts;
import tap.localstack.infrastructure.RunningProcess;
import tap.localstack.infrastructure.SecretFile;

/**
 * Runs one stack: the gateway and the development authorization server in this JVM, everything else in processes of their own.
 * It never restarts what died by itself: whoever kills a pod wants to see it gone, and {@code ./tap up} brings it back.
 */
public final class Supervisor {
    private static final long ROOM_NEEDED = 300L * 1024 * 1024;

    private final StackFolder folder;
    private final FileLock lock;
    private final Vertx vertx;
    private final ExecutorService starters = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("start-", 0).factory());
    private final StackStart start;
    private volatile StackState state;

    private Supervisor(StackFolder folder, FileLock lock, List<ServiceProgram> programs, StackState state) {
        this.folder = folder;
        this.lock = lock;
        this.state = state;
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(2)
                .setWorkerPoolSize(4)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        this.start = new StackStart(folder, programs, starters);
    }

    /**
     * Starts the stack of this folder and returns when every part has answered. What a killed supervisor left behind is ended
     * first. However this JVM ends, short of being killed, the stack ends with it.
     *
     * @param programs the services
     * @param progress hears of each step
     * @throws LocalStackException if something prevents the start; nothing of the stack then runs
     */
    public static Supervisor start(
            StackFolder folder, StackSettings settings, List<ServiceProgram> programs, Progress progress) {
        Directories.requireRoom(folder.path(), ROOM_NEEDED);
        FileLock lock = folder.lock()
                .orElseThrow(() -> new LocalStackException(
                        "Another ./tap up is starting this stack. Wait for it, or stop it with ./tap down."));
        int left = Leftovers.end(folder);
        if (left > 0) {
            progress.done("ended " + left + (left == 1 ? " process" : " processes") + " of a run that was killed");
        }
        Supervisor supervisor = new Supervisor(folder, lock, programs, initialState(folder, settings));
        Runtime.getRuntime().addShutdownHook(new Thread(supervisor::stop, "stop"));
        supervisor.startAll(progress);
        return supervisor;
    }

    /** The stack as it is known now. */
    public StackState state() {
        return state;
    }

    private void startAll(Progress progress) {
        String controlToken = SecretFile.password();
        listenGateway();
        progress.done("gateway on " + state.gatewayUrl());
        listenAuthorizationServer();
        HttpServer control = await(new ControlEndpoint(vertx, controlToken, this::startMissing).listen());
        update(state.withSupervisor(RunningProcess.of(ProcessHandle.current()), control.actualPort(), controlToken));
        ensure(progress);
    }

    private synchronized void ensure(Progress progress) {
        start.ensure(state, this::update, progress);
        update(state.withReady(true));
    }

    private List<String> startMissing() {
        List<String> lines = new ArrayList<>();
        ensure(lines::add);
        return lines;
    }

    private synchronized void update(StackState now) {
        state = now;
        folder.write(now);
    }

    private void listenGateway() {
        Gateway gateway = new Gateway(vertx, RouteTable.load(), this::addresses);
        int port = state.settings().port();
        try {
            await(gateway.listen("127.0.0.1", port));
            if (hasInet6Loopback()) {
                await(gateway.listen("::1", port));
            }
        } catch (CompletionException e) {
            if (e.getCause() instanceof BindException) {
                throw new LocalStackException(
                        "Port " + port
                                + " is taken by another program. Stop that program, or choose another port with --port.",
                        e);
            }
            throw e;
        }
    }

    private void listenAuthorizationServer() {
        DevelopmentAuthorizationServer server = new DevelopmentAuthorizationServer(
                state.developmentIssuer(), DevelopmentKey.loadOrCreate(developmentKey(folder)));
        await(server.listen(vertx, state.authorizationServerPort()));
    }

    private List<SocketAddress> addresses(String service) {
        return state.pods().getOrDefault(service, List.of()).stream()
                .map(pod -> SocketAddress.inetSocketAddress(pod.port(), "127.0.0.1"))
                .toList();
    }

    /** Ends everything, clients first; called once, while the JVM shuts down. */
    private void stop() {
        starters.shutdownNow();
        Leftovers.end(folder);
        try {
            // Starts that were under way may have begun a process after the look above.
            if (starters.awaitTermination(5, TimeUnit.SECONDS)) {
                Leftovers.end(folder);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        folder.write(state.down());
        try {
            lock.release();
        } catch (IOException endsWithThisProcessAnyway) {
            // Nothing to do: the system releases it.
        }
    }

    private static StackState initialState(StackFolder folder, StackSettings settings) {
        StackState known = folder.state()
                .orElseGet(() -> new StackState(settings, null, false, 0, "", 0, 0, 0, Map.of(), Map.of(), Map.of()));
        Map<String, List<StackState.Pod>> pods = new HashMap<>();
        // Fewer pods than last time: the ports of the others are forgotten.
        known.pods()
                .forEach((service, all) ->
                        pods.put(service, all.stream().limit(settings.pods()).toList()));
        return new StackState(
                settings,
                null,
                false,
                0,
                "",
                LoopbackPorts.pick(known.authorizationServerPort()),
                known.postgresPort(),
                known.kafkaPort(),
                new LinkedHashMap<>(known.passwords()),
                pods,
                known.users());
    }

    /** Where the development key is kept. */
    public static Path developmentKey(StackFolder folder) {
        return folder.secrets().resolve("development-key.json");
    }

    private static boolean hasInet6Loopback() {
        try {
            for (InetAddress address : InetAddress.getAllByName("localhost")) {
                if (address instanceof Inet6Address) {
                    return true;
                }
            }
            return false;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage()
                    .toCompletableFuture()
                    .get(Duration.ofSeconds(20).toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        } catch (TimeoutException e) {
            throw new LocalStackException("The machine is too busy to open a port.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalStackException("Interrupted.", e);
        }
    }
}
