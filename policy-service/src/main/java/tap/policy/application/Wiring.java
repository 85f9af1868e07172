package tap.policy.application;

import java.util.List;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;
import tap.contract.Topic;
import tap.contract.Topics;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.EventStore;
import tap.eventsourcing.Pipeline;
import tap.eventsourcing.confirmation.Confirmation;
import tap.eventsourcing.confirmation.PendingWatch;
import tap.eventsourcing.confirmation.PositionBoard;
import tap.eventsourcing.projections.Projector;
import tap.eventsourcing.quarkus.ContractTopics;
import tap.eventsourcing.relay.Relay;
import tap.eventsourcing.relay.RelayOptions;
import tap.eventsourcing.topics.Broker;
import tap.eventsourcing.topics.TopicCheck;
import tap.eventsourcing.witness.Witness;
import tap.policy.domain.Group;
import tap.policy.domain.GroupCommand;
import tap.policy.domain.GroupDecider;
import tap.policy.domain.GroupEvent;
import tap.policy.domain.GroupRejection;
import tap.policy.domain.Policy;
import tap.policy.domain.PolicyCommand;
import tap.policy.domain.PolicyDecider;
import tap.policy.domain.PolicyEvent;
import tap.policy.domain.PolicyRejection;
import tap.policy.domain.User;
import tap.policy.domain.UserCommand;
import tap.policy.domain.UserDecider;
import tap.policy.domain.UserEvent;
import tap.policy.domain.UserRejection;
import tap.policy.projections.pendingchanges.PendingChanges;
import tap.policy.projections.pendingchanges.PendingChangesProjection;
import tap.policy.publishing.PolicyPublication;
import tap.policy.publishing.StoredGroup;
import tap.policy.publishing.StoredPolicy;
import tap.policy.publishing.StoredUser;

/** The one place where this service is plugged together: what is made, of what, and in which order it starts and stops. */
@ApplicationScoped
public class Wiring {
    private static final Logger LOG = Logger.getLogger(Wiring.class);

    @Produces
    @Singleton
    EventStore store() {
        return new EventStore();
    }

    @Produces
    @Singleton
    CommandHandler<PolicyCommand, Policy, PolicyEvent, PolicyRejection> policies(
            EventStore store, Pool pool, Witness witness) {
        return new CommandHandler<>(
                store, pool, new PolicyDecider(), StoredPolicy.EVENTS, StoredPolicy.HEAD, witness::suspect);
    }

    @Produces
    @Singleton
    CommandHandler<UserCommand, User, UserEvent, UserRejection> users(EventStore store, Pool pool, Witness witness) {
        return new CommandHandler<>(
                store, pool, new UserDecider(), StoredUser.EVENTS, StoredUser.HEAD, witness::suspect);
    }

    @Produces
    @Singleton
    CommandHandler<GroupCommand, Group, GroupEvent, GroupRejection> groups(
            EventStore store, Pool pool, Witness witness) {
        return new CommandHandler<>(
                store, pool, new GroupDecider(), StoredGroup.EVENTS, StoredGroup.HEAD, witness::suspect);
    }

    @Produces
    @Singleton
    Broker broker(PolicyServiceConfig config) {
        return new Broker(config.kafka().bootstrapServers());
    }

    @Produces
    @Singleton
    Witness witness(PolicyServiceConfig config, Broker broker, Pool pool, MeterRegistry meters) {
        List<String> own =
                PolicyPublication.EVENT_TOPICS.stream().map(Topic::name).toList();
        return new Witness(broker, pool, own, config.topicPrefix().orElse(""), meters);
    }

    @Produces
    @Singleton
    PolicyPublication publication(PolicyServiceConfig config) {
        return new PolicyPublication(config.topicPrefix().orElse(""));
    }

    @Produces
    @Singleton
    Relay relay(PolicyServiceConfig config, Pool pool, PolicyPublication publication, MeterRegistry meters) {
        RelayOptions options = new RelayOptions(
                config.kafka().bootstrapServers(),
                config.topicPrefix().orElse(""),
                RelayOptions.nameOfThisPod(),
                config.relay().lease(),
                config.relay().batch());
        return new Relay(options, pool, publication, meters);
    }

    @Produces
    @Singleton
    PositionBoard board(PolicyServiceConfig config) {
        return new PositionBoard(
                config.kafka().bootstrapServers(),
                config.topicPrefix().orElse("") + Topics.POSITIONS.name(),
                config.topicPrefix().orElse(""));
    }

    @Produces
    @Singleton
    Confirmation confirmation(
            PolicyServiceConfig config, Relay relay, Pool pool, PolicyPublication publication, PositionBoard board) {
        return new Confirmation(
                relay,
                pool,
                publication,
                ContractTopics.expected(PolicyPublication.TOPICS),
                board,
                config.confirmation().followers(),
                config.topicPrefix().orElse(""),
                config.confirmation().mostWaiting());
    }

    @Produces
    @Singleton
    ProvisioningClients provisioningClients(PolicyServiceConfig config) {
        return new ProvisioningClients(config.scim());
    }

    @Produces
    @Singleton
    PendingChanges changes(Pool pool, Confirmation confirmation) {
        return new PendingChanges(pool, confirmation);
    }

    @Produces
    @Singleton
    Projector pendingChanges(Pool pool, Confirmation confirmation, MeterRegistry meters) {
        return new Projector(PendingChangesProjection.NAME, pool, new PendingChangesProjection(confirmation), meters);
    }

    @Produces
    @Singleton
    PendingWatch pending(PendingChanges changes, MeterRegistry meters) {
        return new PendingWatch(changes::look, meters);
    }

    @Produces
    @Singleton
    TopicCheck topics(PolicyServiceConfig config, Broker broker) {
        return new TopicCheck(
                broker,
                ContractTopics.expected(PolicyPublication.TOPICS),
                config.topicPrefix().orElse(""),
                config.production());
    }

    @Produces
    @Singleton
    Pipeline pipeline(Broker broker, Relay relay, TopicCheck topics) {
        return new Pipeline(broker, relay, List.of(), topics);
    }

    /** Before anything else: in restore mode the database is brought back, and the process ends. */
    void restore(@Observes @Priority(0) StartupEvent started, PolicyServiceConfig config, Pool pool) {
        if (config.restore().enabled()) {
            new PolicyRestore(config, pool).run();
            Quarkus.asyncExit(0);
        }
    }

    void start(
            @Observes StartupEvent started,
            PolicyServiceConfig config,
            EventStore store,
            ProvisioningClients provisioningClients,
            Witness witness,
            Relay relay,
            PositionBoard board,
            Projector pendingChanges,
            PendingWatch pending,
            TopicCheck topics,
            Pipeline pipeline) {
        if (config.restore().enabled()) {
            return;
        }
        LOG.infof("SCIM: %d clients present a secret", provisioningClients.count());
        store.onCommitted(relay::wake);
        topics.start(ContractTopics::refuse);
        witness.ensure()
                .subscribe()
                .with(state -> LOG.infof("witness: %s", state), failure -> LOG.warn("witness: not yet", failure));
        relay.start();
        board.start();
        pendingChanges.start();
        pending.start();
        pipeline.start();
    }

    void stop(
            @Observes ShutdownEvent stopped,
            Witness witness,
            Relay relay,
            PositionBoard board,
            Projector pendingChanges,
            PendingWatch pending,
            TopicCheck topics,
            Pipeline pipeline,
            Broker broker) {
        pending.close();
        pendingChanges.close();
        relay.close();
        board.close();
        pipeline.close();
        topics.close();
        witness.close();
        broker.close();
    }
}
