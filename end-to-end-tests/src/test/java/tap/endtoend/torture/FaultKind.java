package tap.endtoend.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import tap.endtoend.Stack;
import tap.localstack.infrastructure.KafkaProcess;
import tap.localstack.infrastructure.PostgresProcess;
import tap.localstack.infrastructure.RunningProcess;
import tap.localstack.supervisor.StackStatus;
import tap.testkit.faults.Direction;
import tap.testkit.faults.ProcessFaults;
import tap.testkit.faults.SkewedClock;
import tap.testkit.faults.TcpProxy;

/** What can go wrong. */
enum FaultKind {
    /** A pod is gone, as in a power cut. */
    KILL_POD {
        @Override
        Fault draw(Victim victim, Random random) {
            return Pod.any(victim.stack(), random)
                    .fault(this, pod -> pod.process().ifPresent(RunningProcess::kill));
        }
    },
    /** All pods of a service are gone at once. */
    KILL_SERVICE {
        @Override
        Fault draw(Victim victim, Random random) {
            List<Pod> pods = Pod.allOfOne(victim.stack(), random);
            return new Fault(
                    this,
                    pods.getFirst().service,
                    Set.copyOf(pods.stream().map(Pod::name).toList()),
                    () -> pods.forEach(pod -> pod.process().ifPresent(RunningProcess::kill)),
                    Fault.NOTHING,
                    Fault.NOTHING);
        }
    },
    /** A pod is ended in order, as in a roll-out. */
    RESTART_POD {
        @Override
        Fault draw(Victim victim, Random random) {
            return Pod.any(victim.stack(), random)
                    .fault(this, pod -> pod.process().ifPresent(process -> process.stop(PATIENCE)));
        }
    },
    /** A pod stands still for longer than its relay's lease, keeps its connections, and then goes on where it was. */
    FREEZE_POD {
        @Override
        Fault draw(Victim victim, Random random) {
            Pod pod = Pod.any(victim.stack(), random);
            return frozen(this, pod.name(), () -> pod.process().stream().map(RunningProcess::pid));
        }
    },
    /** PostgreSQL is gone, as in a power cut. */
    KILL_POSTGRES {
        @Override
        Fault draw(Victim victim, Random random) {
            return server(this, POSTGRES, () -> victim.stack().postgres().kill());
        }
    },
    /** PostgreSQL is ended in order. */
    RESTART_POSTGRES {
        @Override
        Fault draw(Victim victim, Random random) {
            return server(this, POSTGRES, () -> victim.stack().postgres().stop());
        }
    },
    /** PostgreSQL stands still, with all its processes. */
    FREEZE_POSTGRES {
        @Override
        Fault draw(Victim victim, Random random) {
            return frozen(this, POSTGRES, () -> {
                PostgresProcess postgres = victim.stack().postgres();
                // the postmaster first, so that no process is added meanwhile
                return Stream.concat(
                        Stream.of(postgres.pid()),
                        ProcessHandle.of(postgres.pid()).stream()
                                .flatMap(ProcessHandle::children)
                                .map(ProcessHandle::pid));
            });
        }
    },
    /** Kafka is gone, as in a power cut. */
    KILL_KAFKA {
        @Override
        Fault draw(Victim victim, Random random) {
            return server(this, KAFKA, () -> kafka(victim).ifPresent(KafkaProcess::kill));
        }
    },
    /** Kafka is ended in order. */
    RESTART_KAFKA {
        @Override
        Fault draw(Victim victim, Random random) {
            return server(this, KAFKA, () -> kafka(victim).ifPresent(KafkaProcess::stop));
        }
    },
    /** Kafka stands still. */
    FREEZE_KAFKA {
        @Override
        Fault draw(Victim victim, Random random) {
            return frozen(this, KAFKA, () -> kafka(victim).stream().map(KafkaProcess::pid));
        }
    },
    /** The clock of one service's database is wrong, and put right again. */
    SKEW_CLOCK {
        @Override
        Fault draw(Victim victim, Random random) {
            String database = DATABASES.get(random.nextInt(DATABASES.size()));
            long seconds = (random.nextBoolean() ? 1 : -1) * (1L + random.nextInt(MOST_SKEW_S));
            SkewedClock clock = victim.stack().clock(database);
            return new Fault(
                    this,
                    database + " by " + seconds + " s",
                    Set.of(POSTGRES),
                    () -> clock.skew(Duration.ofSeconds(seconds)),
                    Fault.NOTHING,
                    clock::close);
        }
    },
    /** All that pods and a server say to each other arrives late. */
    SLOW_NETWORK {
        @Override
        Fault draw(Victim victim, Random random) {
            Duration late = Duration.ofMillis(20 + random.nextInt(480));
            return network(this, victim, random, link -> link.latency(late));
        }
    },
    /** All connections of pods to a server are cut. */
    CUT_CONNECTIONS {
        @Override
        Fault draw(Victim victim, Random random) {
            return network(this, victim, random, TcpProxy::reset);
        }
    },
    /** Connections to a server are accepted, and that is all. */
    HANGING_NETWORK {
        @Override
        Fault draw(Victim victim, Random random) {
            return network(this, victim, random, TcpProxy::hang);
        }
    },
    /** What one side says does not arrive. */
    ONE_WAY_NETWORK {
        @Override
        Fault draw(Victim victim, Random random) {
            Direction lost = random.nextBoolean() ? Direction.TO_SERVER : Direction.TO_CLIENT;
            return network(this, victim, random, link -> link.lose(lost));
        }
    };

    private static final String POSTGRES = "postgres";
    private static final String KAFKA = "kafka";
    private static final List<String> DATABASES = List.of("tap_policy", "tap_pass", "tap_redemption");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    // less than the shortest life of a pass
    private static final int MOST_SKEW_S = 20;

    /** One of the kind, on something that the random numbers name; the stack must be whole. */
    abstract Fault draw(Victim victim, Random random);

    /** What can go wrong there. */
    static List<FaultKind> possible(Victim victim) {
        EnumSet<FaultKind> possible = EnumSet.allOf(FaultKind.class);
        if (victim.network() == null) {
            possible.removeAll(EnumSet.range(SLOW_NETWORK, ONE_WAY_NETWORK));
        }
        return List.copyOf(possible);
    }

    /**
     * Who is tortured.
     *
     * @param network between its pods and its servers, or {@code null}: nobody can get in between
     */
    record Victim(Stack stack, @Nullable BadNetwork network) {}

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static Fault server(FaultKind kind, String name, Runnable end) {
        return new Fault(kind, "", Set.of(name), end, Fault.NOTHING, Fault.NOTHING);
    }

    private static Fault network(FaultKind kind, Victim victim, Random random, Consumer<TcpProxy> harm) {
        BadNetwork network = Objects.requireNonNull(victim.network());
        String server = random.nextBoolean() ? POSTGRES : KAFKA;
        TcpProxy link = server.equals(POSTGRES) ? network.postgres() : network.kafka();
        return new Fault(
                kind,
                "to " + server,
                Set.of("network to " + server),
                () -> harm.accept(link),
                link::heal,
                Fault.NOTHING);
    }

    private static Fault frozen(FaultKind kind, String name, Supplier<Stream<Long>> pids) {
        List<ProcessFaults> frozen = new ArrayList<>();
        return new Fault(
                kind,
                name,
                Set.of(name),
                () -> pids.get().forEach(pid -> freeze(pid, frozen)),
                () -> frozen.reversed().forEach(ProcessFaults::close),
                Fault.NOTHING);
    }

    // A process of PostgreSQL's may end at any time.
    private static void freeze(long pid, List<ProcessFaults> frozen) {
        try {
            ProcessFaults process = ProcessFaults.of(pid);
            frozen.add(process);
            process.freeze();
        } catch (IllegalArgumentException | IllegalStateException | ConditionTimeoutException gone) {
            return;
        }
    }

    private static Optional<KafkaProcess> kafka(Victim victim) {
        return KafkaProcess.attach(victim.stack().data().resolve(KAFKA));
    }

    /**
     * A pod.
     *
     * @param pid its process, 0 if it does not run
     */
    private record Pod(String service, int index, long pid) {
        static List<Pod> allOfOne(Stack stack, Random random) {
            Map<String, List<StackStatus.Pod>> services = stack.processes().services();
            List<String> names = services.keySet().stream().sorted().toList();
            String service = names.get(random.nextInt(names.size()));
            List<Pod> pods = new ArrayList<>();
            for (StackStatus.Pod pod : services.getOrDefault(service, List.of())) {
                Long pid = pod.pid();
                pods.add(new Pod(service, pods.size(), pid == null ? 0 : pid));
            }
            return pods;
        }

        static Pod any(Stack stack, Random random) {
            List<Pod> pods = allOfOne(stack, random);
            return pods.get(random.nextInt(pods.size()));
        }

        String name() {
            return service + "-" + index;
        }

        Optional<RunningProcess> process() {
            return RunningProcess.find(pid);
        }

        Fault fault(FaultKind kind, Consumer<Pod> inflict) {
            return new Fault(kind, name(), Set.of(name()), () -> inflict.accept(this), Fault.NOTHING, Fault.NOTHING);
        }
    }
}
