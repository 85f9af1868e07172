package tap.testkit.faults;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import tap.contract.Topic;
import tap.localstack.infrastructure.KafkaProcess;
import tap.testkit.infrastructure.SharedServers;
import tap.testkit.infrastructure.TestDatabase;
import tap.testkit.infrastructure.TestTopics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** The clients that the services use, through the proxy. */
class FaultyNetworkIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration A_WHILE = Duration.ofMillis(300);

    @Test
    void postgresql_is_reached_through_the_proxy_and_again_after_each_fault() {
        Vertx vertx = Vertx.vertx();
        try (TcpProxy proxy = TcpProxy.to(SharedServers.ofThisBuild().postgres().port());
                TestDatabase database = TestDatabase.create("faulty_network")) {
            Pool pool = Pool.pool(
                    vertx,
                    database.connectOptions().setHost("127.0.0.1").setPort(proxy.port()),
                    new PoolOptions().setMaxSize(1));
            assertThat(answer(pool)).isEqualTo(1);
            assertThat(proxy.connections()).isEqualTo(1);

            proxy.hang();
            var unanswered = pool.query("SELECT 2").execute().subscribeAsCompletionStage();
            assertThatThrownBy(() -> unanswered.get(A_WHILE.toMillis(), TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            proxy.heal();
            assertThat(unanswered
                            .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                            .join()
                            .iterator()
                            .next()
                            .getInteger(0))
                    .isEqualTo(2);

            proxy.reset();
            await().atMost(PATIENCE).ignoreExceptions().until(() -> answer(pool) == 1);
            pool.closeAndAwait();
        } finally {
            vertx.closeAndAwait();
        }
    }

    @Test
    void kafka_is_reached_through_the_proxy_and_again_after_each_fault() throws Exception {
        KafkaProcess kafka = SharedServers.ofThisBuild().kafka();
        Topic topic = new Topic("proxied", 1, Map.of());
        TestTopics topics = TestTopics.create("faulty_network", topic);
        try (TcpProxy proxy = TcpProxy.to(kafka);
                KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", proxy.address(), "acks", "all", "linger.ms", "0"),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
            send(producer, topics, topic).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(topics.records(topic)).hasSize(1);

            proxy.lose(Direction.TO_SERVER);
            Future<RecordMetadata> lost = send(producer, topics, topic);
            assertThatThrownBy(() -> lost.get(A_WHILE.toMillis(), TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            // past the proxy nothing is wrong
            assertThat(topics.records(topic)).hasSize(1);
            proxy.heal();
            lost.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            proxy.reset();
            send(producer, topics, topic).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(topics.records(topic)).hasSize(3);
        }
    }

    private static Future<RecordMetadata> send(KafkaProducer<String, byte[]> producer, TestTopics topics, Topic topic) {
        return producer.send(new ProducerRecord<>(topics.name(topic), "key", new byte[] {1}));
    }

    private static int answer(Pool pool) {
        return pool.query("SELECT 1")
                .execute()
                .await()
                .atMost(PATIENCE)
                .iterator()
                .next()
                .getInteger(0);
    }
}
