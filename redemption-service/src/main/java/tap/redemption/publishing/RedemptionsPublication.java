package tap.redemption.publishing;

import java.util.List;

import org.apache.kafka.clients.producer.ProducerRecord;
import tap.contract.Topics;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.relay.Publication;
import tap.eventsourcing.topics.CloudEventRecords;

/** Every event goes to {@code tap.redemptions}, without its sealed part. */
public final class RedemptionsPublication implements Publication {
    /** CloudEvents {@code source}, and this service's name wherever it acts. */
    public static final String SERVICE = "redemption-service";

    private final CloudEventRecords records;

    /** @param prefix the deployment's topic prefix, empty by default */
    public RedemptionsPublication(String prefix) {
        this.records = new CloudEventRecords(SERVICE, prefix);
    }

    @Override
    public List<ProducerRecord<String, byte[]>> records(StoredEvent event) {
        return List.of(records.record(Topics.REDEMPTIONS.name(), event));
    }
}
