package tap.redemption.application;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import jakarta.inject.Inject;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tap.codes.Argon2Cost;
import tap.codes.Argon2Pool;
import tap.codes.KeyRing;
import tap.codes.Pseudonyms;
import tap.codes.SubmittedCode;
import tap.codes.VerifierSeal;
import tap.codes.Verifiers;
import tap.directory.UserKey;
import tap.eventsourcing.CommandHandler;
import tap.redemption.RedemptionProfile;
import tap.redemption.Upstream;
import tap.redemption.Upstream.Issued;
import tap.redemption.domain.Allowance;
import tap.redemption.domain.AllowanceCommand;
import tap.redemption.domain.AllowanceEvent;
import tap.redemption.domain.AllowanceRejection;
import tap.testkit.faults.SkewedClock;
import tap.testkit.infrastructure.ServiceTestResource;

import static org.assertj.core.api.Assertions.assertThat;

/** Whoever knows a user's name, has any number of addresses and of pods to ask, and may even turn the database's clock. */
@QuarkusTest
@TestProfile(RedemptionProfile.class)
@QuarkusTestResource(
        value = ServiceTestResource.class,
        initArgs = @ResourceArg(name = "database", value = "tap_redemption"))
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuessingAttackIT {
    private static final int BOUND = 41;
    private static final int STEPS = 10;

    @Inject
    CommandHandler<AllowanceCommand, Allowance, AllowanceEvent, AllowanceRejection> allowances;

    @Inject
    Pool pool;

    @Inject
    RedemptionServiceConfig config;

    @Inject
    Vertx vertx;

    private Upstream upstream;
    private SkewedClock clock;

    @BeforeAll
    void connect() {
        upstream = new Upstream();
        upstream.configure(Upstream.policy(true, false, List.of()));
        clock = SkewedClock.of(upstream.database());
    }

    @AfterAll
    void disconnect() {
        clock.close();
        upstream.close();
    }

    /** A pod as far as guessing goes: a pool of hashes, buckets and counters of its own on the common database. */
    private final class Pod implements AutoCloseable {
        private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        private final Argon2Pool argon2 = new Argon2Pool(1, 64, Argon2Cost.DEFAULT);
        private final Redemptions redemptions;

        Pod(Pool settling) {
            KeyRing peppers = KeyRing.load(config.keys().directory().resolve("pepper"));
            Path sealing = config.keys().directory().resolve("sealing");
            SourceBuckets.Limit wide = new SourceBuckets.Limit(100_000, 100_000);
            redemptions = new Redemptions(
                    allowances,
                    new CodeCheck(new Verifiers(peppers, argon2), new VerifierSeal(KeyRing.load(sealing)), peppers),
                    new Guessing(settling),
                    new Pseudonyms(peppers),
                    new SourceBuckets(wide, wide, 10, TimeMeter.SYSTEM_NANOTIME),
                    new Refusals(pool),
                    meters);
        }

        CompletableFuture<Redemption> redeem(UUID userId, String code) {
            return redemptions
                    .redeem(new RedemptionRequest(
                            UserKey.of(userId.toString()),
                            SubmittedCode.of(code),
                            "demo",
                            null,
                            Source.UNKNOWN,
                            UUID.randomUUID().toString()))
                    .subscribeAsCompletionStage();
        }

        /** Guesses that were compared with the pass's own verifier. */
        int verified() {
            return (int)
                    meters.counter("tap.redemptions", "outcome", "wrong_code").count();
        }

        @Override
        public void close() {
            argon2.close();
        }
    }

    @Test
    void no_schedule_of_guesses_has_more_than_41_of_them_verified() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 2; round++) {
            attack(random, seed);
        }
    }

    private void attack(Random random, long seed) {
        UUID userId = upstream.user(UUID.randomUUID() + "@example.com");
        Issued issued = upstream.issue(userId)
                .uses(5)
                .endingAt(Instant.now().plus(Duration.ofDays(1)))
                .admitted();
        Pool away = Pool.newInstance(PgBuilder.pool()
                .connectingTo(
                        new PgConnectOptions().setHost("127.0.0.1").setPort(1).setUser("nobody"))
                .using(vertx)
                .build());
        away.closeAndAwait();
        // the third loses the database, or its life, between looking at a code and writing down what came of it
        try (Pod one = new Pod(pool);
                Pod other = new Pod(pool);
                Pod dying = new Pod(away)) {
            List<Pod> pods = List.of(one, other, dying);
            List<CompletableFuture<?>> underWay = new ArrayList<>();
            for (int step = 0; step < STEPS; step++) {
                int guesses = 1 + random.nextInt(48);
                for (int i = 0; i < guesses; i++) {
                    underWay.add(pods.get(random.nextInt(3)).redeem(userId, wrong(issued, random)));
                }
                switch (random.nextInt(4)) {
                    case 0 -> clock.step(Duration.ofSeconds(31 + random.nextInt(90)));
                    case 1 -> clock.step(Duration.ofSeconds(-random.nextInt(40)));
                    case 2 -> awaitAll(underWay);
                    default -> {
                        awaitAll(underWay);
                        clock.step(Duration.ofMinutes(10 + random.nextInt(10)));
                    }
                }
            }
            awaitAll(underWay);
            int verified = one.verified() + other.verified() + dying.verified();
            assertThat(verified).as("seed " + seed).isBetween(1, BOUND);
            while (!upstream.history(issued.passId()).contains("pass-locked.v1")) {
                clock.advance(Duration.ofMinutes(20));
                awaitAll(List.of(one.redeem(userId, wrong(issued, random))));
            }
            verified = one.verified() + other.verified() + dying.verified();
            assertThat(verified).as("seed " + seed).isLessThanOrEqualTo(BOUND);
            System.out.println("verified " + verified + " of at most " + BOUND);
            clock.advance(Duration.ofMinutes(20));
            assertThat(one.redeem(userId, issued.code()).join()).isInstanceOf(Redemption.Refused.class);
        } finally {
            clock.toTrue();
        }
    }

    private static String wrong(Issued issued, Random random) {
        String code;
        do {
            code = Integer.toString(10_000_000 + random.nextInt(90_000_000));
        } while (code.equals(issued.code()));
        return code;
    }

    private static void awaitAll(List<? extends CompletableFuture<?>> underWay) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> underWay.stream().allMatch(CompletableFuture::isDone));
    }
}
