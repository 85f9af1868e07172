package tap.localstack.supervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;

import tap.contract.Topics;
import tap.localstack.identity.AdministratorRole;
import tap.localstack.identity.DevelopmentKey;
import tap.localstack.identity.DevelopmentTokens;
import tap.localstack.identity.DevelopmentUsers;
import tap.localstack.infrastructure.Durability;
import tap.localstack.infrastructure.KafkaProcess;
import tap.localstack.infrastructure.LocalStackException;
import tap.localstack.infrastructure.LoopbackPorts;
import tap.localstack.infrastructure.PostgresProcess;
import tap.localstack.infrastructure.SecretFile;
import tap.localstack.infrastructure.ServiceDatabase;
import tap.localstack.infrastructure.TopicCreation;

/** Starts what does not run, in the order of dependence and at the same time where there is none. */
final class StackStart {
    private final StackFolder folder;
    private final List<ServiceProgram> programs;
    private final ExecutorService threads;
    private final PodStart pods;
    private final Optional<Network> network;

    StackStart(StackFolder folder, List<ServiceProgram> programs, ExecutorService threads) {
        this.folder = folder;
        this.programs = programs;
        this.threads = threads;
        this.pods = new PodStart(folder);
        this.network = Network.of(folder);
    }

    /** Brings everything up; {@code update} is called with what became known after each step, so that a kill loses nothing. */
    void ensure(StackState from, Consumer<StackState> update, Progress progress) {
        int kafkaPort = KafkaProcess.attach(folder.kafka())
                .map(KafkaProcess::port)
                .orElseGet(() -> LoopbackPorts.pick(from.kafkaPort()));
        Future<?> kafka = threads.submit(() -> startKafka(kafkaPort, progress));
        PostgresProcess postgres = startPostgres(from, progress);
        StackState state = createDatabases(postgres, from).withInfrastructure(postgres.port(), kafkaPort);
        update.accept(state);
        // Pods wait for Kafka themselves, but refuse to start without their topics.
        if (!topicsExist()) {
            get(kafka);
        }
        List<Started> started = new ArrayList<>();
        for (ServiceProgram program : programs) {
            for (int index = 0; index < state.settings().pods(); index++) {
                List<StackState.Pod> known = state.pods().getOrDefault(program.name(), List.of());
                if (index < known.size() && known.get(index).process().isAlive()) {
                    continue;
                }
                int port = LoopbackPorts.pick(
                        index < known.size() ? known.get(index).port() : 0);
                StackState.Pod pod = pods.launch(
                        program,
                        index,
                        port,
                        ServiceEnvironment.of(
                                state, folder, database(postgres, state, program), bootstrapOfPods(kafkaPort), port));
                started.add(new Started(program, index, pod));
                state = state.withPod(program.name(), index, pod);
                update.accept(state);
            }
        }
        get(kafka);
        awaitReady(started, progress);
        ensureUsers(state, update, progress);
    }

    private PostgresProcess startPostgres(StackState from, Progress progress) {
        boolean ran = PostgresProcess.attach(folder.postgres()).isPresent();
        PostgresProcess running =
                PostgresProcess.start(folder.postgres(), LoopbackPorts.pick(from.postgresPort()), Durability.FULL);
        if (!ran) {
            progress.done("PostgreSQL on 127.0.0.1:" + running.port());
        }
        return running;
    }

    private void startKafka(int port, Progress progress) {
        boolean ran = KafkaProcess.attach(folder.kafka()).isPresent();
        KafkaProcess running = KafkaProcess.start(
                folder.kafka(), port, network.map(Network::kafka).orElse(null));
        TopicCreation.create(running.bootstrap(), "", Topics.ALL);
        try {
            Files.writeString(folder.createdTopics(), Topics.ALL.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!ran) {
            progress.done("Kafka on " + running.bootstrap());
        }
    }

    private boolean topicsExist() {
        try {
            return Files.readString(folder.createdTopics()).equals(Topics.ALL.toString());
        } catch (NoSuchFileException neverCreated) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String bootstrapOfPods(int kafkaPort) {
        return KafkaProcess.attach(folder.kafka())
                .map(KafkaProcess::bootstrapOfPods)
                .orElseGet(() -> "127.0.0.1:"
                        + network.map(between -> between.kafka().proxyPort()).orElse(kafkaPort));
    }

    private StackState createDatabases(PostgresProcess server, StackState from) {
        Map<String, String> passwords = new LinkedHashMap<>(from.passwords());
        for (ServiceProgram program : programs) {
            String name = program.database();
            ServiceDatabase.create(
                    server,
                    name,
                    passwords.computeIfAbsent(name + "_owner", role -> SecretFile.password()),
                    passwords.computeIfAbsent(name + "_service", role -> SecretFile.password()));
        }
        return from.withPasswords(passwords);
    }

    private ServiceDatabase database(PostgresProcess server, StackState state, ServiceProgram program) {
        String name = program.database();
        return ServiceDatabase.of(
                name,
                network.map(Network::postgresPort).orElse(server.port()),
                password(state, name + "_owner"),
                password(state, name + "_service"));
    }

    private void awaitReady(List<Started> started, Progress progress) {
        List<Future<?>> waits = new ArrayList<>();
        for (Started pod : started) {
            waits.add(threads.submit(() -> {
                pods.awaitReady(pod.program(), pod.index(), pod.pod());
                progress.done(pod.program().name() + "-" + pod.index() + " on "
                        + pod.pod().url());
            }));
        }
        waits.forEach(StackStart::get);
    }

    private void ensureUsers(StackState from, Consumer<StackState> update, Progress progress) {
        if (from.users().size() == AdministratorRole.values().length) {
            return;
        }
        StackState state = from;
        String token = new DevelopmentTokens(
                        DevelopmentKey.loadOrCreate(Supervisor.developmentKey(folder)), state.developmentIssuer())
                .application(List.of("Tap.Directory.ReadWrite.All"));
        DevelopmentUsers directory = new DevelopmentUsers(state.gatewayUrl(), token);
        for (AdministratorRole role : AdministratorRole.values()) {
            state = state.withUser(role.displayName(), directory.ensure(role));
            update.accept(state);
        }
        progress.done("one development user per administrator role");
    }

    private static String password(StackState state, String role) {
        return state.passwords().getOrDefault(role, "");
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException fault
                    ? fault
                    : new LocalStackException("Not started: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalStackException("Interrupted while the stack started.", e);
        }
    }

    private record Started(ServiceProgram program, int index, StackState.Pod pod) {}
}
