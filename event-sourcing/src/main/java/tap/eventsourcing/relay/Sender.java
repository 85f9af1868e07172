package tap.eventsourcing.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

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
        // One: a broker takes whatever sequence number a new producer shows it first, so that of several in flight a
        // later
        // one could land although the first was refused. A request has a batch of every partition; more gain nothing.
        configuration.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
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
                post(record, sending.ofEvent(i));
            }
        }
        for (ProducerRecord<String, byte[]> record : companions) {
            if (sending.done.isDone()) {
                break;
            }
            post(record, sending.ofCompanion(record.key()));
        }
        sending.countDown();
        return sending.done;
    }

    // The callback has what the future would say.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void post(ProducerRecord<String, byte[]> record, Handed handed) {
        try {
            producer.send(record, handed);
        } catch (IllegalStateException closedByTheFirstFailure) {
            handed.onCompletion(null, closedByTheFirstFailure);
        }
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

    private final class Sending {
        private final CompletableFuture<Sent> done = new CompletableFuture<>();
        private final List<StoredEvent> events;
        private final List<Handed> handed;
        // one is held until all records are handed over, so that it cannot complete half-way
        private final AtomicInteger missing = new AtomicInteger(1);

        Sending(List<StoredEvent> events) {
            this.events = events;
            this.handed = new ArrayList<>(2 * events.size());
        }

        Handed ofEvent(int event) {
            return expect(new Handed(this, event, null));
        }

        Handed ofCompanion(String key) {
            return expect(new Handed(this, -1, key));
        }

        private Handed expect(Handed one) {
            missing.incrementAndGet();
            handed.add(one);
            return one;
        }

        // Closed at once, from Kafka's thread: what was sent after the record that failed must not land before it is
        // sent again.
        void fail(Exception failure) {
            if (done.completeExceptionally(failure)) {
                producer.close(Duration.ZERO);
            }
        }

        void countDown() {
            if (missing.decrementAndGet() == 0 && !done.isDone()) {
                done.complete(sent());
            }
        }

        private Sent sent() {
            List<Map<TopicPartition, Long>> reached = new ArrayList<>(events.size());
            events.forEach(event -> reached.add(Map.of()));
            Map<String, Map<TopicPartition, Long>> companions = new HashMap<>();
            Map<TopicPartition, Long> ends = new HashMap<>();
            for (Handed one : handed) {
                TopicPartition partition = one.partition();
                long end = one.end();
                ends.merge(partition, end, Math::max);
                if (one.companion == null) {
                    reached.set(one.event, with(reached.get(one.event), partition, end));
                } else {
                    companions.put(
                            one.companion, with(companions.getOrDefault(one.companion, Map.of()), partition, end));
                }
            }
            List<Published> published = new ArrayList<>(events.size());
            for (int i = 0; i < events.size(); i++) {
                Map<TopicPartition, Long> own = reached.get(i);
                for (var companion : companions
                        .getOrDefault(events.get(i).partitionKey(), Map.of())
                        .entrySet()) {
                    own = with(own, companion.getKey(), companion.getValue());
                }
                published.add(new Published(events.get(i).eventId(), own));
            }
            return new Sent(published, ends);
        }

        // Most events reach one partition: a map that can grow would cost each of them more than its record.
        private static Map<TopicPartition, Long> with(
                Map<TopicPartition, Long> before, TopicPartition partition, long end) {
            if (before.isEmpty()) {
                return Map.of(partition, end);
            }
            Map<TopicPartition, Long> after = new HashMap<>(before);
            after.merge(partition, end, Math::max);
            return after;
        }
    }

    /** A record of an event, or of the companion with a key, on its way. */
    private static final class Handed implements Callback {
        private final Sending sending;
        private final int event;
        private final @Nullable String companion;
        private @Nullable RecordMetadata reached;

        Handed(Sending sending, int event, @Nullable String companion) {
            this.sending = sending;
            this.event = event;
            this.companion = companion;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
            if (failure != null) {
                sending.fail(failure);
            } else {
                reached = metadata;
                sending.countDown();
            }
        }

        TopicPartition partition() {
            RecordMetadata metadata = Objects.requireNonNull(reached);
            return new TopicPartition(metadata.topic(), metadata.partition());
        }

        long end() {
            return Objects.requireNonNull(reached).offset() + 1;
        }
    }
}
