package tap.redemption.reactions;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.inject.Singleton;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import tap.contract.Topics;
import tap.eventsourcing.quarkus.FollowedTopic;
import tap.eventsourcing.quarkus.Followers;

/** The channel of {@code tap.directory-names}. */
@Singleton
@Identifier("directory-names")
class DirectoryNamesChannel extends FollowedTopic {
    DirectoryNamesChannel(Followers followers, KafkaClientService clients) {
        super("directory-names", followers.of(Topics.DIRECTORY_NAMES), clients);
    }

    @Incoming("directory-names")
    Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
        return handOver(records);
    }
}
