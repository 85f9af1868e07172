package tap.localstack.infrastructure;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/** The configuration of a broker that is alone: Kafka's defaults, less what only a cluster needs. */
final class KafkaConfiguration {
    /** log4j2's configuration of the broker: warnings, and the few lines that tell when it started and stopped. */
    static final String LOGGING = """
            rootLogger.level=warn
            rootLogger.appenderRef.stdout.ref=stdout
            appender.stdout.type=Console
            appender.stdout.name=stdout
            appender.stdout.layout.type=PatternLayout
            appender.stdout.layout.pattern=%d{ISO8601_OFFSET_DATE_TIME_HHCMM} %p %m (%c)%n
            logger.server.name=kafka.server.KafkaRaftServer
            logger.server.level=info
            """;

    private KafkaConfiguration() {}

    static String of(Path data, int port, int controllerPort, @Nullable ProxiedListener proxied) {
        String listener = proxied == null ? "" : ",PROXIED://127.0.0.1:" + proxied.port();
        String advertised = proxied == null ? "" : ",PROXIED://127.0.0.1:" + proxied.proxyPort();
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d%4$s
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d%5$s
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT
                log.dirs=%3$s
                # topics come from the contract, never by mistake
                auto.create.topics.enable=false
                default.replication.factor=1
                min.insync.replicas=1
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=4
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=4
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                group.initial.rebalance.delay.ms=0
                # a consumer that was killed is missed sooner than in a cluster
                group.min.session.timeout.ms=1000
                broker.heartbeat.interval.ms=500
                broker.session.timeout.ms=3000
                num.network.threads=2
                num.io.threads=4
                num.recovery.threads.per.data.dir=2
                log.cleaner.dedupe.buffer.size=16777216
                """.formatted(port, controllerPort, data, listener, advertised);
    }
}
