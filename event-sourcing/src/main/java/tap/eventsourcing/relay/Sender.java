package tap.eventsourcing.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.StoredEvent;

/** Sends batches, and says when all of one is acknowledged. After one failure it is of no more use. */
final class Sender implements AutoCloseable {
    private final Producer<String, byte[]> producer;
    private final Publication publication;

    Sender(RelayOptions options, Publication publication) {
        this.publication = publication;
        this.producer = new KafkaProducer<>(configuration(options), new StringSerializer(), new ByteArraySerializer());
    }

    // A batch that expires lets later ones land before it: nothing ever expires, the relay gives up on its own terms.
    private static Map<String, Object> configuration(RelayOptions options) {
        Map<String, Object> configuration = new HashMap<>();
        configuration.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, options.bootstrapServers());
        configuration.put(ProducerConfig.CLIENT_ID_CONFIG, options.podId() + "-relay");
        configuration.put(ProducerConfig.ACKS_CONFIG, "all");
        configuration.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        configuration.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 5);
        configuration.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
        configuration.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        configuration.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        configuration.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        configuration.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        configuration.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000);
        configuration.put(ProducerConfig.RECONNECT_BACKOFF_MS_CONFIG, 20);
        configuration.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        return configuration;
    }

    /** Sends events and their companions, in order; completes with what was reached, or fails with the first error. */
    CompletableFuture<Sent> send(List<StoredEvent> events, List<ProducerRecord<String, byte[]>> companions) {
        Sending sending = new Sending(events);
        // each record for which the broker is away blocks for a second: none is tried after the first that failed
        for (int i = 0; i < events.size() && !sending.done.isDone(); i++) {
            for (ProducerRecord<String, byte[]> record : publication.records(events.get(i))) {
                int event = i;
                sending.expectOne();
                post(record, (metadata, failure) -> sending.acknowledged(event, metadata, failure));
            }
        }
        for (ProducerRecord<String, byte[]> record : companions) {
            if (sending.done.isDone()) {
                break;
            }
            sending.expectOne();
            post(record, (metadata, failure) -> sending.companionAcknowledged(record.key(), metadata, failure));
        }
        sending.allHandedOver();
        return sending.done;
    }

    // The callback has what the future would say.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void post(ProducerRecord<String, byte[]> record, Callback callback) {
        producer.send(record, callback);
    }

    @Override
    public void close() {
        // What is not acknowledged is sent again from the cursor: waiting here would only delay that.
        producer.close(Duration.ZERO);
    }

    /**
     * What became of a batch.
     *
     * @param events each with the ends that it reached
     * @param ends the highest end a partition
     */
    record Sent(List<Published> events, Map<TopicPartition, Long> ends) {}

    private static final class Sending {
        private final CompletableFuture<Sent> done = new CompletableFuture<>();
        private final List<StoredEvent> events;
        private final List<Map<TopicPartition, Long>> reached;
        private final Map<String, Map<TopicPartition, Long>> companions = new HashMap<>();
        private final Map<TopicPartition, Long> ends = new HashMap<>();
        // one is held until all records are handed over, so that it cannot complete half-way
        private int missing = 1;

        Sending(List<StoredEvent> events) {
            this.events = events;
            this.reached = new ArrayList<>(events.size());
            events.forEach(event -> reached.add(new HashMap<>(2)));
        }

        synchronized void expectOne() {
            missing++;
        }

        void allHandedOver() {
            countDown();
        }

        void acknowledged(int event, RecordMetadata metadata, @Nullable Exception failure) {
            if (failure != null) {
                done.completeExceptionally(failure);
                return;
            }
            synchronized (this) {
                reach(reached.get(event), metadata);
            }
            countDown();
        }

        void companionAcknowledged(String key, RecordMetadata metadata, @Nullable Exception failure) {
            if (failure != null) {
                done.completeExceptionally(failure);
                return;
            }
            synchronized (this) {
                reach(companions.computeIfAbsent(key, any -> new HashMap<>(2)), metadata);
            }
            countDown();
        }

        private void reach(Map<TopicPartition, Long> own, RecordMetadata metadata) {
            TopicPartition partition = new TopicPartition(metadata.topic(), metadata.partition());
            own.merge(partition, metadata.offset() + 1, Math::max);
            ends.merge(partition, metadata.offset() + 1, Math::max);
        }

        private void countDown() {
            Sent sent;
            synchronized (this) {
                missing--;
                if (missing > 0) {
                    return;
                }
                List<Published> published = new ArrayList<>(events.size());
                for (int i = 0; i < events.size(); i++) {
                    Map<TopicPartition, Long> own = reached.get(i);
                    companions
                            .getOrDefault(events.get(i).partitionKey(), Map.of())
                            .forEach((partition, end) -> own.merge(partition, end, Math::max));
                    published.add(new Published(events.get(i).eventId(), own));
                }
                sent = new Sent(published, ends);
            }
            done.complete(sent);
        }
    }
}
