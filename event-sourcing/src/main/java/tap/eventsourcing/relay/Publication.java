package tap.eventsourcing.relay;

import java.util.List;
import java.util.Set;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import org.apache.kafka.clients.producer.ProducerRecord;
import tap.eventsourcing.StoredEvent;

/** Which records an event becomes. Pure but for {@link #companions}: asked again, it gives the same records again. */
@FunctionalInterface
public interface Publication {
    /** The records of one event, topics with prefix; every topic gets a stream's every event, so that no sequence has holes. */
    List<ProducerRecord<String, byte[]>> records(StoredEvent event);

    /**
     * Absolute state that goes to compacted topics beside the events of a batch, as it is at this moment in the database. Each
     * record has the key of the event that it belongs to.
     *
     * @param connection the relay's own; used by nobody else meanwhile
     */
    default Uni<List<ProducerRecord<String, byte[]>>> companions(SqlConnection connection, List<StoredEvent> events) {
        return Uni.createFrom().item(List.of());
    }

    /** The topics of {@link #companions}, with prefix. */
    default Set<String> companionTopics() {
        return Set.of();
    }
}
