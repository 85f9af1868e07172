package tap.pass.application;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import tap.codes.Argon2Cost;
import tap.codes.Argon2Pool;
import tap.codes.KeyRing;
import tap.codes.VerifierSeal;
import tap.codes.Verifiers;
import tap.contract.Topic;
import tap.contract.Topics;
import tap.directory.CopyDirectory;
import tap.directory.CopyNames;
import tap.directory.CopyPolicy;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.EventStore;
import tap.eventsourcing.Message;
import tap.eventsourcing.Pipeline;
import tap.eventsourcing.Reaction;
import tap.eventsourcing.Recurring;
import tap.eventsourcing.confirmation.Facts;
import tap.eventsourcing.confirmation.PendingWatch;
import tap.eventsourcing.followers.Follower;
import tap.eventsourcing.followers.FollowerOptions;
import tap.eventsourcing.followers.Positions;
import tap.eventsourcing.followers.Unpark;
import tap.eventsourcing.projections.Projector;
import tap.eventsourcing.quarkus.ContractTopics;
import tap.eventsourcing.quarkus.Followers;
import tap.eventsourcing.relay.Relay;
import tap.eventsourcing.relay.RelayOptions;
import tap.eventsourcing.topics.Broker;
import tap.eventsourcing.topics.TopicCheck;
import tap.eventsourcing.witness.Witness;
import tap.pass.domain.Pass;
import tap.pass.domain.PassCommand;
import tap.pass.domain.PassDecider;
import tap.pass.domain.PassEvent;
import tap.pass.domain.PassRejection;
import tap.pass.projections.pendingpasses.PendingPasses;
import tap.pass.projections.pendingpasses.PendingPassesProjection;
import tap.pass.publishing.PassesPublication;
import tap.pass.publishing.StoredPass;
import tap.pass.reactions.WhenAllowanceChangedThenCopyIt;
import tap.pass.reactions.WhenUserDeactivatedThenRevokePass;

/** The one place where this service is plugged together: what is made, of what, and in which order it starts and stops. */
@ApplicationScoped
public class Wiring {
    private static final Duration FORGET_EVERY = Duration.ofMinutes(10);
    private static final Logger LOG = Logger.getLogger(Wiring.class);

    private @Nullable Recurring forgetting;

    private static final List<Topic> USED = List.of(
            Topics.PASSES,
            Topics.PASS_CREDENTIALS,
            Topics.POLICIES,
            Topics.DIRECTORY,
            Topics.DIRECTORY_NAMES,
            Topics.REDEMPTIONS,
            Topics.POSITIONS);

    @Produces
    @Singleton
    EventStore store() {
        return new EventStore();
    }

    @Produces
    @Singleton
    CommandHandler<PassCommand, Pass, PassEvent, PassRejection> passes(EventStore store, Pool pool, Witness witness) {
        return new CommandHandler<>(
                store, pool, new PassDecider(), StoredPass.EVENTS, StoredPass.HEAD, witness::suspect);
    }

    @Produces
    @Singleton
    Argon2Pool argon2(PassServiceConfig config, MeterRegistry meters) {
        PassServiceConfig.Argon2 cost = config.argon2();
        Argon2Pool pool =
                Argon2Pool.forThisMachine(new Argon2Cost(cost.memoryKib(), cost.iterations(), cost.parallelism()));
        meters.gauge("tap.argon2.queue", pool, Argon2Pool::queueLength);
        meters.gauge("tap.argon2.busy", pool, Argon2Pool::busyWorkers);
        meters.more().counter("tap.argon2.computed", List.of(), pool, Argon2Pool::computed);
        meters.more().counter("tap.argon2.refused", List.of(), pool, Argon2Pool::refused);
        return pool;
    }

    @Produces
    @Singleton
    Codes codes(PassServiceConfig config, Argon2Pool argon2) {
        KeyRing peppers = KeyRing.load(config.keys().directory().resolve("pepper"));
        KeyRing sealing = KeyRing.load(config.keys().directory().resolve("sealing"));
        LOG.infof("codes are verified with %s and sealed with %s", peppers, sealing);
        return new Codes(new Verifiers(peppers, argon2), new VerifierSeal(sealing), new SecureRandom());
    }

    @Produces
    @Singleton
    AllowanceFacts facts(PassServiceConfig config, Pool pool, MeterRegistry meters) {
        PassServiceConfig.Confirmation confirmation = config.confirmation();
        return new AllowanceFacts(new Facts(confirmation.mostWaiting()), pool, confirmation.timeout(), meters);
    }

    @Produces
    @Singleton
    IssuingLimit issuingLimit(PassServiceConfig config, Pool pool, MeterRegistry meters) {
        return new IssuingLimit(config.issuing(), pool, meters);
    }

    @Produces
    @Singleton
    Broker broker(PassServiceConfig config) {
        return new Broker(config.kafka().bootstrapServers());
    }

    @Produces
    @Singleton
    Witness witness(PassServiceConfig config, Broker broker, Pool pool, MeterRegistry meters) {
        List<String> own = PassesPublication.TOPICS.stream().map(Topic::name).toList();
        return new Witness(broker, pool, own, config.topicPrefix().orElse(""), meters);
    }

    @Produces
    @Singleton
    Relay relay(PassServiceConfig config, Pool pool, MeterRegistry meters) {
        RelayOptions options = new RelayOptions(
                config.kafka().bootstrapServers(),
                config.topicPrefix().orElse(""),
                RelayOptions.nameOfThisPod(),
                config.relay().lease(),
                config.relay().batch());
        return new Relay(
                options, pool, new PassesPublication(config.topicPrefix().orElse("")), meters);
    }

    @Produces
    @Singleton
    Positions positions(PassServiceConfig config) {
        return new Positions(
                config.kafka().bootstrapServers(),
                config.topicPrefix().orElse("") + Topics.POSITIONS.name(),
                PassesPublication.SERVICE,
                config.topicPrefix().orElse(""));
    }

    @Produces
    @Singleton
    Followers followers(
            PassServiceConfig config,
            EventStore store,
            CommandHandler<PassCommand, Pass, PassEvent, PassRejection> passes,
            AllowanceFacts facts,
            Broker broker,
            Pool pool,
            Positions positions,
            MeterRegistry meters) {
        Map<Topic, Reaction> reactions = Map.of(
                Topics.POLICIES,
                new CopyPolicy(),
                Topics.DIRECTORY,
                new WhenUserDeactivatedThenRevokePass(new CopyDirectory(), passes),
                Topics.DIRECTORY_NAMES,
                new CopyNames(),
                Topics.REDEMPTIONS,
                new WhenAllowanceChangedThenCopyIt());
        Map<Topic, Consumer<List<Message>>> afterwards = Map.of(
                // it may have revoked passes
                Topics.DIRECTORY,
                messages -> store.committed(),
                Topics.REDEMPTIONS,
                messages -> messages.forEach(message -> facts.applied(message.type(), message.streamId())));
        Map<Topic, Follower> followers = new HashMap<>();
        reactions.forEach((topic, reaction) -> {
            String prefix = config.topicPrefix().orElse("");
            FollowerOptions options = topic.isCompacted()
                    ? FollowerOptions.compacted(PassesPublication.SERVICE, topic.name(), prefix)
                    : FollowerOptions.events(PassesPublication.SERVICE, topic.name(), prefix);
            // A parked message is the fence: whoever loads the user's terms or shows the user's pass finds it.
            followers.put(
                    topic,
                    new Follower(
                            options,
                            broker,
                            pool,
                            reaction,
                            (transaction, message, reason) -> Uni.createFrom().voidItem(),
                            afterwards.getOrDefault(topic, messages -> {}),
                            positions,
                            meters));
        });
        return new Followers(followers);
    }

    @Produces
    @Singleton
    Projector pendingPasses(Pool pool, MeterRegistry meters) {
        return new Projector(PendingPassesProjection.NAME, pool, new PendingPassesProjection(), meters);
    }

    @Produces
    @Singleton
    PendingWatch pending(Pool pool, MeterRegistry meters) {
        return new PendingWatch(new PendingPasses(pool)::look, meters);
    }

    @Produces
    @Singleton
    Unpark unpark(Pool pool, Broker broker, Followers followers, MeterRegistry meters) {
        return new Unpark(pool, broker.bootstrapServers(), followers.all(), meters);
    }

    @Produces
    @Singleton
    TopicCheck topics(PassServiceConfig config, Broker broker) {
        return new TopicCheck(
                broker, ContractTopics.expected(USED), config.topicPrefix().orElse(""), config.production());
    }

    @Produces
    @Singleton
    Pipeline pipeline(Broker broker, Relay relay, Followers followers, TopicCheck topics) {
        return new Pipeline(broker, relay, followers.all(), topics);
    }

    /** Before anything else: in restore mode the database is brought back, and the process ends. */
    void restore(@Observes @Priority(0) StartupEvent started, PassServiceConfig config, Pool pool) {
        if (config.restore().enabled()) {
            PassRestore.run(config, pool);
            Quarkus.asyncExit(0);
        }
    }

    /** Before anything is followed or served: makes what reads the key rings, so that one that cannot be used stops the start. */
    void requireKeys(@Observes @Priority(1) StartupEvent started, Codes codes) {}

    void start(
            @Observes @Priority(2) StartupEvent started,
            PassServiceConfig config,
            Pool pool,
            EventStore store,
            Witness witness,
            Relay relay,
            Positions positions,
            Followers followers,
            Projector pendingPasses,
            PendingWatch pending,
            IssuingLimit issuingLimit,
            Unpark unpark,
            TopicCheck topics,
            Pipeline pipeline) {
        if (config.restore().enabled()) {
            return;
        }
        issuingLimit.start();
        store.onCommitted(relay::wake);
        topics.start(ContractTopics::refuse);
        witness.ensure()
                .subscribe()
                .with(state -> LOG.infof("witness: %s", state), failure -> LOG.warn("witness: not yet", failure));
        relay.start();
        positions.start();
        followers.all().forEach(Follower::start);
        pendingPasses.start();
        pending.start();
        forgetting = new Recurring("forgetting of old requests", FORGET_EVERY, () -> RepeatableRequest.forgetOld(pool));
        unpark.start();
        pipeline.start();
    }

    void stop(
            @Observes ShutdownEvent stopped,
            Witness witness,
            Relay relay,
            Positions positions,
            Followers followers,
            Projector pendingPasses,
            PendingWatch pending,
            IssuingLimit issuingLimit,
            Unpark unpark,
            Argon2Pool argon2,
            TopicCheck topics,
            Pipeline pipeline,
            Broker broker) {
        pending.close();
        issuingLimit.close();
        if (forgetting != null) {
            forgetting.close();
        }
        pendingPasses.close();
        unpark.close();
        followers.all().forEach(Follower::close);
        relay.close();
        positions.close();
        pipeline.close();
        topics.close();
        witness.close();
        broker.close();
        argon2.close();
    }
}
