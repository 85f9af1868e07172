package tap.pass.reactions;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.inject.Singleton;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import tap.contract.Topics;
import tap.eventsourcing.quarkus.FollowedTopic;
import tap.eventsourcing.quarkus.Followers;

/** The channel of {@code tap.redemptions}. */
@Singleton
@Identifier("redemptions")
class RedemptionsChannel extends FollowedTopic {
    RedemptionsChannel(Followers followers, KafkaClientService clients) {
        super("redemptions", followers.of(Topics.REDEMPTIONS), clients);
    }

    @Incoming("redemptions")
    Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
        return handOver(records);
    }
}
