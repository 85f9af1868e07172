package tap.pass.publishing;

import java.util.List;

import org.apache.kafka.clients.producer.ProducerRecord;
import tap.contract.Topic;
import tap.contract.Topics;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.relay.Publication;
import tap.eventsourcing.topics.CloudEventRecords;

/** Every event goes to {@code tap.passes}, and with its sealed verifier to {@code tap.pass-credentials}, in the same sequence. */
public final class PassesPublication implements Publication {
    /** CloudEvents {@code source}, and this service's name wherever it acts. */
    public static final String SERVICE = "pass-service";

    /** Every topic that this service writes events to; each carries all of them. */
    public static final List<Topic> TOPICS = List.of(Topics.PASSES, Topics.PASS_CREDENTIALS);

    private final CloudEventRecords records;

    /** @param prefix the deployment's topic prefix, empty by default */
    public PassesPublication(String prefix) {
        this.records = new CloudEventRecords(SERVICE, prefix);
    }

    @Override
    public List<ProducerRecord<String, byte[]>> records(StoredEvent event) {
        return List.of(
                records.record(Topics.PASSES.name(), event),
                records.recordWithSealed(Topics.PASS_CREDENTIALS.name(), event));
    }
}
