package tap.redemption.application;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.bucket4j.TimeMeter;
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
import tap.codes.Argon2Cost;
import tap.codes.Argon2Pool;
import tap.codes.KeyRing;
import tap.codes.Pseudonyms;
import tap.codes.VerifierSeal;
import tap.codes.Verifiers;
import tap.contract.Topic;
import tap.contract.Topics;
import tap.directory.CopyDirectory;
import tap.directory.CopyNames;
import tap.directory.CopyPolicy;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.EventStore;
import tap.eventsourcing.Pipeline;
import tap.eventsourcing.Reaction;
import tap.eventsourcing.Recurring;
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
import tap.redemption.domain.Allowance;
import tap.redemption.domain.AllowanceCommand;
import tap.redemption.domain.AllowanceDecider;
import tap.redemption.domain.AllowanceEvent;
import tap.redemption.domain.AllowanceRejection;
import tap.redemption.projections.openallowances.OpenAllowances;
import tap.redemption.projections.openallowances.OpenAllowancesProjection;
import tap.redemption.publishing.RedemptionsPublication;
import tap.redemption.publishing.StoredAllowance;
import tap.redemption.reactions.FollowPassCredentials;
import tap.redemption.reactions.WhenPassEndsThenExpireAllowance;
import tap.redemption.reactions.WhenPassIssuedThenAdmitPass;
import tap.redemption.reactions.WhenPassRevokedThenWithdrawPass;

/** The one place where this service is plugged together: what is made, of what, and in which order it starts and stops. */
@ApplicationScoped
public class Wiring {
    private static final Logger LOG = Logger.getLogger(Wiring.class);
    private static final int QUEUE_PER_WORKER = 16;
    private static final Duration FORGET_EVERY = Duration.ofSeconds(1);
    private static final Duration WRITE_EVERY = Duration.ofSeconds(1);
    private static final Duration FORGET_REFUSALS_EVERY = Duration.ofMinutes(10);

    private static final List<Topic> USED = List.of(
            Topics.REDEMPTIONS,
            Topics.PASS_CREDENTIALS,
            Topics.POLICIES,
            Topics.DIRECTORY,
            Topics.DIRECTORY_NAMES,
            Topics.POSITIONS);

    private final List<AutoCloseable> recurring = new CopyOnWriteArrayList<>();

    @Produces
    @Singleton
    EventStore store() {
        return new EventStore();
    }

    @Produces
    @Singleton
    CommandHandler<AllowanceCommand, Allowance, AllowanceEvent, AllowanceRejection> allowances(
            EventStore store, Pool pool, Witness witness) {
        return new CommandHandler<>(
                store, pool, new AllowanceDecider(), StoredAllowance.EVENTS, StoredAllowance.HEAD, witness::suspect);
    }

    @Produces
    @Singleton
    Argon2Pool argon2(RedemptionServiceConfig config, MeterRegistry meters) {
        RedemptionServiceConfig.Argon2 argon2 = config.argon2();
        int workers = argon2.workers().orElseGet(() -> Runtime.getRuntime().availableProcessors());
        Argon2Pool pool = new Argon2Pool(
                workers,
                argon2.queue().orElse(workers * QUEUE_PER_WORKER),
                new Argon2Cost(argon2.memoryKib(), argon2.iterations(), argon2.parallelism()));
        meters.gauge("tap.argon2.queue", pool, Argon2Pool::queueLength);
        meters.gauge("tap.argon2.busy", pool, Argon2Pool::busyWorkers);
        meters.more().counter("tap.argon2.computed", List.of(), pool, Argon2Pool::computed);
        meters.more().counter("tap.argon2.refused", List.of(), pool, Argon2Pool::refused);
        return pool;
    }

    @Produces
    @Singleton
    CodeCheck codes(RedemptionServiceConfig config, Argon2Pool argon2) {
        KeyRing peppers = peppers(config);
        KeyRing sealing = KeyRing.load(config.keys().directory().resolve("sealing"));
        return new CodeCheck(new Verifiers(peppers, argon2), new VerifierSeal(sealing), peppers);
    }

    @Produces
    @Singleton
    Guessing guessing(Pool pool) {
        return new Guessing(pool);
    }

    @Produces
    @Singleton
    SourceAddresses sourceAddresses(RedemptionServiceConfig config) {
        RedemptionServiceConfig.Sources sources = config.sources();
        return new SourceAddresses(sources.trustedProxies().orElse(List.of()), sources.forwardedHeader());
    }

    @Produces
    @Singleton
    SourceBuckets sourceBuckets(RedemptionServiceConfig config, MeterRegistry meters) {
        RedemptionServiceConfig.Sources sources = config.sources();
        SourceBuckets buckets = new SourceBuckets(
                new SourceBuckets.Limit(sources.burst(), sources.perSecond()),
                new SourceBuckets.Limit(sources.overallBurst(), sources.overallPerSecond()),
                sources.most(),
                TimeMeter.SYSTEM_NANOTIME);
        meters.gauge("tap.sources.known", buckets, SourceBuckets::known);
        return buckets;
    }

    @Produces
    @Singleton
    Refusals refusals(Pool pool) {
        return new Refusals(pool);
    }

    @Produces
    @Singleton
    UserLookup users(Pool pool) {
        return new UserLookup(pool);
    }

    @Produces
    @Singleton
    Redemptions redemptions(
            RedemptionServiceConfig config,
            CommandHandler<AllowanceCommand, Allowance, AllowanceEvent, AllowanceRejection> allowances,
            CodeCheck codes,
            Guessing guessing,
            SourceBuckets sources,
            Refusals refusals,
            MeterRegistry meters) {
        return new Redemptions(allowances, codes, guessing, new Pseudonyms(peppers(config)), sources, refusals, meters);
    }

    @Produces
    @Singleton
    SigningKeys signing(RedemptionServiceConfig config) {
        return SigningKeys.load(config.signing().directory());
    }

    @Produces
    @Singleton
    AccessTokens tokens(RedemptionServiceConfig config, SigningKeys signing) {
        return new AccessTokens(signing, config.issuer(), config.tokens().lifetime());
    }

    @Produces
    @Singleton
    IssuedTokens issuedTokens(
            AccessTokens tokens,
            CommandHandler<AllowanceCommand, Allowance, AllowanceEvent, AllowanceRejection> allowances,
            Pool pool,
            Witness witness,
            MeterRegistry meters) {
        return new IssuedTokens(tokens, allowances, pool, witness::suspect, meters);
    }

    @Produces
    @Singleton
    OAuthClients clients(RedemptionServiceConfig config) {
        return OAuthClients.of(config.clients());
    }

    @Produces
    @Singleton
    Broker broker(RedemptionServiceConfig config) {
        return new Broker(config.kafka().bootstrapServers());
    }

    @Produces
    @Singleton
    Witness witness(RedemptionServiceConfig config, Broker broker, Pool pool, MeterRegistry meters) {
        return new Witness(
                broker,
                pool,
                List.of(Topics.REDEMPTIONS.name()),
                config.topicPrefix().orElse(""),
                meters);
    }

    @Produces
    @Singleton
    Relay relay(RedemptionServiceConfig config, Pool pool, MeterRegistry meters) {
        RelayOptions options = new RelayOptions(
                config.kafka().bootstrapServers(),
                config.topicPrefix().orElse(""),
                RelayOptions.nameOfThisPod(),
                config.relay().lease(),
                config.relay().batch());
        return new Relay(
                options, pool, new RedemptionsPublication(config.topicPrefix().orElse("")), meters);
    }

    @Produces
    @Singleton
    Positions positions(RedemptionServiceConfig config) {
        return new Positions(
                config.kafka().bootstrapServers(),
                config.topicPrefix().orElse("") + Topics.POSITIONS.name(),
                RedemptionsPublication.SERVICE,
                config.topicPrefix().orElse(""));
    }

    @Produces
    @Singleton
    Followers followers(
            RedemptionServiceConfig config,
            EventStore store,
            CommandHandler<AllowanceCommand, Allowance, AllowanceEvent, AllowanceRejection> allowances,
            CodeCheck codes,
            Guessing guessing,
            Broker broker,
            Pool pool,
            Positions positions,
            MeterRegistry meters) {
        Map<Topic, Reaction> reactions = Map.of(
                Topics.PASS_CREDENTIALS,
                new FollowPassCredentials(
                        new WhenPassIssuedThenAdmitPass(allowances, codes, guessing),
                        new WhenPassRevokedThenWithdrawPass(allowances)),
                Topics.POLICIES,
                new CopyPolicy(),
                Topics.DIRECTORY,
                new CopyDirectory(),
                Topics.DIRECTORY_NAMES,
                new CopyNames());
        Map<Topic, Follower> followers = new HashMap<>();
        reactions.forEach((topic, reaction) -> {
            String prefix = config.topicPrefix().orElse("");
            FollowerOptions options = topic.isCompacted()
                    ? FollowerOptions.compacted(RedemptionsPublication.SERVICE, topic.name(), prefix)
                    : FollowerOptions.events(RedemptionsPublication.SERVICE, topic.name(), prefix);
            // A parked message is the fence: whoever loads the user's allowance finds it.
            followers.put(
                    topic,
                    new Follower(
                            options,
                            broker,
                            pool,
                            reaction,
                            (transaction, message, reason) -> Uni.createFrom().voidItem(),
                            applied -> store.committed(),
                            positions,
                            meters));
        });
        return new Followers(followers);
    }

    @Produces
    @Singleton
    Projector openAllowances(Pool pool, MeterRegistry meters) {
        return new Projector(OpenAllowancesProjection.NAME, pool, new OpenAllowancesProjection(), meters);
    }

    @Produces
    @Singleton
    WhenPassEndsThenExpireAllowance sweeper(
            Pool pool, CommandHandler<AllowanceCommand, Allowance, AllowanceEvent, AllowanceRejection> allowances) {
        return new WhenPassEndsThenExpireAllowance(new OpenAllowances(pool), allowances);
    }

    @Produces
    @Singleton
    Unpark unpark(Pool pool, Broker broker, Followers followers, MeterRegistry meters) {
        return new Unpark(pool, broker.bootstrapServers(), followers.all(), meters);
    }

    @Produces
    @Singleton
    TopicCheck topics(RedemptionServiceConfig config, Broker broker) {
        return new TopicCheck(
                broker, ContractTopics.expected(USED), config.topicPrefix().orElse(""), config.production());
    }

    @Produces
    @Singleton
    Pipeline pipeline(Broker broker, Relay relay, Followers followers, TopicCheck topics) {
        return new Pipeline(broker, relay, followers.all(), topics);
    }

    /** Before anything else: in restore mode the database is brought back, and the process ends. */
    void restore(
            @Observes @Priority(0) StartupEvent started, RedemptionServiceConfig config, Pool pool, EventStore store) {
        if (config.restore().enabled()) {
            new AllowanceRestore(config, pool, store).run(config.restore().complete());
            Quarkus.asyncExit(0);
        }
    }

    /** Before the channels begin to poll, so that nothing is followed with keys missing. */
    void requireKeys(@Observes @Priority(1) StartupEvent started, Pool pool, CodeCheck codes, SigningKeys signing) {
        LOG.infof("tokens are signed by %s", signing);
        new StoredKeys(pool, codes).require().await().atMost(Duration.ofSeconds(60));
    }

    void start(
            @Observes @Priority(2) StartupEvent started,
            RedemptionServiceConfig config,
            EventStore store,
            Witness witness,
            Relay relay,
            Positions positions,
            Followers followers,
            Unpark unpark,
            Projector openAllowances,
            WhenPassEndsThenExpireAllowance sweeper,
            Guessing guessing,
            SourceAddresses addresses,
            Refusals refusals,
            TopicCheck topics,
            Pipeline pipeline) {
        if (config.restore().enabled()) {
            return;
        }
        store.onCommitted(relay::wake);
        store.onCommitted(openAllowances::wake);
        topics.start(ContractTopics::refuse);
        witness.ensure()
                .subscribe()
                .with(state -> LOG.infof("witness: %s", state), failure -> LOG.warn("witness: not yet", failure));
        relay.start();
        positions.start();
        followers.all().forEach(Follower::start);
        unpark.start();
        openAllowances.start();
        recurring.add(new Recurring("the sweeper", config.sweeper().interval(), sweeper::sweep));
        recurring.add(new Recurring("forgetting of old failures", FORGET_EVERY, guessing::forget));
        recurring.add(new Recurring("the writing of refusals", WRITE_EVERY, refusals::write));
        recurring.add(new Recurring("forgetting of old refusals", FORGET_REFUSALS_EVERY, refusals::forget));
        LOG.infof("sources are told apart by %s, as far as trusted proxies say so", addresses.header());
        pipeline.start();
    }

    void stop(
            @Observes ShutdownEvent stopped,
            Witness witness,
            Relay relay,
            Positions positions,
            Followers followers,
            Unpark unpark,
            Projector openAllowances,
            Refusals refusals,
            Argon2Pool argon2,
            TopicCheck topics,
            Pipeline pipeline,
            Broker broker)
            throws Exception {
        for (AutoCloseable work : recurring) {
            work.close();
        }
        refusals.write().onFailure().recoverWithNull().await().atMost(Duration.ofSeconds(2));
        unpark.close();
        followers.all().forEach(Follower::close);
        openAllowances.close();
        relay.close();
        positions.close();
        pipeline.close();
        topics.close();
        witness.close();
        broker.close();
        argon2.close();
    }

    private static KeyRing peppers(RedemptionServiceConfig config) {
        return KeyRing.load(config.keys().directory().resolve("pepper"));
    }
}
