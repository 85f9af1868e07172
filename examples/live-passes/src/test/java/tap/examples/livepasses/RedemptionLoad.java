package tap.examples.livepasses;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import tap.contract.ContractJson;
import tap.contract.EventTypes;
import tap.contract.PassAdmittedV1;
import tap.contract.PassExpiredV1;
import tap.contract.PassRedeemedV1;
import tap.contract.PassSpentV1;
import tap.contract.PassWithdrawnV1;
import tap.contract.PublicEvent;
import tap.contract.Topics;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.topics.CloudEventRecords;
import tap.testkit.infrastructure.TestTopics;

/** Publishes what redemption-service would, with its publisher's form and its repetitions, and knows what is true by now. */
final class RedemptionLoad implements Runnable {
    private static final int LIVE_AT_MOST = 2_000;
    private static final int REMEMBERED = 3_000;
    private static final int A_SECOND = 500;

    private final TestTopics topics;
    private final Random random;
    private final CloudEventRecords records;
    private final Map<UUID, Pass> live = new TreeMap<>();
    private final List<ProducerRecord<String, byte[]>> latest = new ArrayList<>();
    private long events;
    private long repetitions;
    private volatile boolean enough;

    private record Pass(UUID user, UUID id, int uses, long version) {}

    RedemptionLoad(TestTopics topics, long seed) {
        this.topics = topics;
        this.random = new Random(seed);
        this.records = new CloudEventRecords("redemption-service", topics.prefix());
    }

    @Override
    public void run() {
        try (KafkaProducer<String, byte[]> producer = topics.producer()) {
            Queue<Future<RecordMetadata>> sent = new ArrayDeque<>();
            while (!enough) {
                ProducerRecord<String, byte[]> record = next();
                sent.add(producer.send(record));
                latest.add(record);
                if (latest.size() > REMEMBERED) {
                    latest.subList(0, REMEMBERED / 2).clear();
                }
                if (random.nextInt(A_SECOND * 5) == 0) {
                    // a publisher that restarted at an earlier cursor
                    List<ProducerRecord<String, byte[]>> again =
                            latest.subList(random.nextInt(latest.size()), latest.size());
                    again.forEach(one -> sent.add(producer.send(one)));
                    repetitions += again.size();
                }
                // fails if Kafka refused one
                while (!sent.isEmpty() && sent.element().isDone()) {
                    sent.remove().resultNow();
                }
                LockSupport.parkNanos(1_000_000_000L / A_SECOND);
            }
        }
    }

    /** Publishes no more. */
    void stop() {
        enough = true;
    }

    /** The uses of each live pass; after the end of the run. */
    Map<UUID, Integer> truth() {
        Map<UUID, Integer> uses = new TreeMap<>();
        live.forEach((id, pass) -> uses.put(id, pass.uses()));
        return uses;
    }

    @Override
    public String toString() {
        return events + " events, " + repetitions + " repetitions, " + live.size() + " passes live at the end";
    }

    private ProducerRecord<String, byte[]> next() {
        Instant now = Instant.now();
        if (live.isEmpty() || (live.size() < LIVE_AT_MOST && random.nextInt(3) == 0)) {
            Pass pass = new Pass(id(), id(), 0, 1);
            live.put(pass.id(), pass);
            return record(
                    pass,
                    new PassAdmittedV1(pass.user(), pass.id(), null, now.plusSeconds(3_600), false, null, 1, now));
        }
        Pass before = live.values().stream()
                .skip(random.nextInt(live.size()))
                .findFirst()
                .orElseThrow();
        int kind = random.nextInt(6);
        Pass after = new Pass(before.user(), before.id(), before.uses() + (kind < 4 ? 1 : 0), before.version() + 1);
        live.put(after.id(), after);
        if (kind < 4) {
            return record(after, new PassRedeemedV1(after.user(), after.id(), after.uses(), null, "load", id(), now));
        }
        live.remove(after.id());
        PublicEvent end = switch (random.nextInt(3)) {
            case 0 -> new PassSpentV1(after.user(), after.id(), after.uses(), now);
            case 1 -> new PassExpiredV1(after.user(), after.id(), after.uses(), now);
            default -> new PassWithdrawnV1(after.user(), after.id(), "open", after.uses(), now);
        };
        return record(after, end);
    }

    private ProducerRecord<String, byte[]> record(Pass pass, PublicEvent event) {
        events++;
        try {
            return records.record(
                    Topics.REDEMPTIONS.name(),
                    new StoredEvent(
                            events,
                            id(),
                            pass.id().toString(),
                            pass.version(),
                            pass.user().toString(),
                            Instant.now(),
                            new Metadata("load", "load-" + events, null),
                            new EventCodec.Written(
                                    EventTypes.type(event.getClass()),
                                    ContractJson.mapper().writeValueAsString(event),
                                    null)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private UUID id() {
        return new UUID(random.nextLong(), random.nextLong());
    }
}
