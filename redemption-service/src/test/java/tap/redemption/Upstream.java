package tap.redemption;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.BooleanNode;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import tap.codes.Argon2Cost;
import tap.codes.Argon2Pool;
import tap.codes.Code;
import tap.codes.KeyRing;
import tap.codes.VerifierSeal;
import tap.codes.Verifiers;
import tap.contract.ContractJson;
import tap.contract.DirectoryNameV1;
import tap.contract.MemberChange;
import tap.contract.PassIssuedV1;
import tap.contract.PassRevokedV1;
import tap.contract.PolicyConfiguredV1;
import tap.contract.PolicyV1;
import tap.contract.PublicEvent;
import tap.contract.Topics;
import tap.contract.UserChangedV1;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.Ids;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.SealedPart;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.topics.CloudEventRecords;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.TestDatabase;
import tap.testkit.infrastructure.TestTopics;

/** Plays policy-service and pass-service: publishes what they would, and waits until the service under test has taken it in. */
public final class Upstream implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String POLICY = "temporary-access-pass-policy";
    // of whatever member: only people read what changed
    private static final List<MemberChange> CHANGES =
            List.of(new MemberChange("isUsableOnce", BooleanNode.FALSE, BooleanNode.TRUE));

    private final SecureRandom random = new SecureRandom();
    private final TestTopics topics = ServiceTestResource.topics();
    private final TestDatabase database = ServiceTestResource.database();
    private final KafkaProducer<String, byte[]> producer = topics.producer();
    private final CloudEventRecords passService = new CloudEventRecords("pass-service", topics.prefix());
    private final CloudEventRecords policyService = new CloudEventRecords("policy-service", topics.prefix());
    private final Argon2Pool argon2 = new Argon2Pool(1, 64, Argon2Cost.DEFAULT);
    private final Verifiers verifiers = new Verifiers(ring("pepper"), argon2);
    private final VerifierSeal seal = new VerifierSeal(ring("sealing"));
    private final Map<String, Long> versions = new HashMap<>();

    private static KeyRing ring(String name) {
        Path folder = ConfigProvider.getConfig().getValue("tap.keys.directory", Path.class);
        return KeyRing.load(folder.resolve(name));
    }

    /** The database of the service under test. */
    public TestDatabase database() {
        return database;
    }

    /** The topics of the service under test. */
    public TestTopics topics() {
        return topics;
    }

    /** A pass and its code. */
    public record Issued(UUID userId, UUID passId, String code) {
        @Override
        public String toString() {
            return "Issued[" + passId + "]";
        }
    }

    /** A policy for all users. */
    public static PolicyV1 policy(boolean enabled, boolean isUsableOnce, List<PolicyV1.ExcludeTarget> excluded) {
        return new PolicyV1(
                enabled ? "enabled" : "disabled",
                60,
                10,
                480,
                8,
                isUsableOnce,
                List.of(new PolicyV1.IncludeTarget("group", "all_users", false)),
                excluded);
    }

    /** Configures the policy. */
    public void configure(PolicyV1 policy) {
        long revision = storedRevision() + 1;
        versions.put(POLICY, revision - 1);
        publish(
                policyService,
                Topics.POLICIES.name(),
                event(POLICY, POLICY, new PolicyConfiguredV1(revision, policy, CHANGES, Instant.now()), null));
        await("SELECT revision::text FROM policy_copy", Long.toString(revision));
    }

    /** Provisions a user with a name. */
    public UUID user(String userName) {
        UUID userId = UUID.randomUUID();
        change(userId, true);
        StoredEvent carrier =
                event("name-of-" + userId, userId.toString(), new tap.contract.UserRemovedV1(userId), null);
        send(policyService.companion(
                Topics.DIRECTORY_NAMES.name(),
                carrier,
                "directory-name.v1",
                json(new DirectoryNameV1(userId, userName, null))));
        await("SELECT count(*)::text FROM directory_name WHERE user_id = '" + userId + "'", "1");
        return userId;
    }

    /** Activates or deactivates a user. */
    public void change(UUID userId, boolean active) {
        change(userId, active, List.of());
    }

    /** The same, with administrator roles: role template ids. */
    public void change(UUID userId, boolean active, List<String> roles) {
        publish(
                policyService,
                Topics.DIRECTORY.name(),
                event(
                        userId.toString(),
                        userId.toString(),
                        new UserChangedV1(userId, active, "member", roles, List.of()),
                        null));
        await(
                "SELECT active || ' ' || cardinality(administrator_roles) FROM user_copy WHERE id = '" + userId + "'",
                active + " " + roles.size());
    }

    /** How a pass is issued, by default a one-time pass of eight characters for an hour. */
    public final class Issue {
        private final UUID userId;
        private int length = 8;
        private @Nullable Instant startsAt;
        private Instant endsAt = Instant.now().plus(Duration.ofHours(1));
        private boolean isUsableOnce = true;
        private @Nullable Integer maximumUses;
        private @Nullable UUID replaces;

        private Issue(UUID userId) {
            this.userId = userId;
        }

        public Issue length(int characters) {
            length = characters;
            return this;
        }

        public Issue startingAt(Instant start) {
            startsAt = start;
            return this;
        }

        public Issue endingAt(Instant end) {
            endsAt = end;
            return this;
        }

        public Issue uses(@Nullable Integer maximum) {
            isUsableOnce = false;
            maximumUses = maximum;
            return this;
        }

        public Issue replacing(Issued old) {
            replaces = old.passId();
            return this;
        }

        /** Publishes it and waits for the answer. */
        public Issued admitted() {
            return answered("pass-admitted.v1");
        }

        /** Publishes it and waits for this answer. */
        public Issued answered(String type) {
            UUID passId = UUID.randomUUID();
            Code code = Code.draw(length, random);
            String stream = "user-" + userId;
            long version = versions.getOrDefault(stream, 0L) + 1;
            byte[] sealedVerifier = seal.seal(
                            verifiers
                                    .make(passId, code, random)
                                    .toCompletableFuture()
                                    .join(),
                            passId,
                            version,
                            random)
                    .encoded();
            PassIssuedV1 issued = new PassIssuedV1(
                    userId, passId, Instant.now(), startsAt, endsAt, isUsableOnce, maximumUses, 1, replaces);
            send(passService.recordWithSealed(
                    Topics.PASS_CREDENTIALS.name(),
                    event(stream, userId.toString(), issued, SealedPart.of(sealedVerifier))));
            awaitFirst(passId, type);
            return new Issued(userId, passId, code.clearText());
        }
    }

    /** Issues a pass to a user. */
    public Issue issue(UUID userId) {
        return new Issue(userId);
    }

    /** Revokes a pass and waits for the answer. */
    public void revoke(Issued issued) {
        revoke(issued.userId(), issued.passId());
    }

    /** Revokes a pass, known or not, and waits for the answer. */
    public void revoke(UUID userId, UUID passId) {
        long before = count(passId, "pass-withdrawn.v1");
        send(passService.recordWithSealed(
                Topics.PASS_CREDENTIALS.name(),
                event(
                        "user-" + userId,
                        userId.toString(),
                        new PassRevokedV1(userId, passId, "deleted", Instant.now()),
                        null)));
        Awaitility.await().atMost(PATIENCE).until(() -> count(passId, "pass-withdrawn.v1") == before + 1);
    }

    /** Publishes an event of the user's pass stream that nobody can apply: one version is missing before it. */
    public void skipAVersion(UUID userId) {
        versions.merge("user-" + userId, 1L, Long::sum);
        send(passService.recordWithSealed(
                Topics.PASS_CREDENTIALS.name(),
                event(
                        "user-" + userId,
                        userId.toString(),
                        new PassRevokedV1(userId, UUID.randomUUID(), "deleted", Instant.now()),
                        null)));
        await("SELECT count(*)::text FROM parked WHERE partition_key = '" + userId + "'", "1");
    }

    /** Waits until the pass's stream begins with this type. */
    private void awaitFirst(UUID passId, String type) {
        await("SELECT type FROM event WHERE stream_id = '" + passId + "' AND version = 1", type);
    }

    /** The types of the pass's stream, in order. */
    public List<String> history(UUID passId) {
        return rows("SELECT type FROM event WHERE stream_id = '" + passId + "' ORDER BY version");
    }

    /** How many events of this type the pass's stream has. */
    public long count(UUID passId, String type) {
        return history(passId).stream().filter(type::equals).count();
    }

    /** The first column of each row. */
    public List<String> rows(String sql) {
        try (Connection connection = database.connectAsSuperuser();
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            List<String> rows = new java.util.ArrayList<>();
            while (result.next()) {
                rows.add(String.valueOf(result.getString(1)));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private long storedRevision() {
        return Long.parseLong(rows("SELECT revision::text FROM policy_copy").getFirst());
    }

    /** Waits until the query's one row is this. */
    public void await(String sql, String expected) {
        Awaitility.await(sql).atMost(PATIENCE).until(() -> rows(sql).equals(List.of(expected)));
    }

    private StoredEvent event(String stream, String key, PublicEvent record, @Nullable SealedPart part) {
        long version = versions.merge(stream, 1L, Long::sum);
        EventCodec.Written written = new EventCodec.Written(type(record), json(record), part);
        return new StoredEvent(
                0,
                Ids.next(),
                stream,
                version,
                key,
                Instant.now(),
                new Metadata("test", UUID.randomUUID().toString(), null),
                written);
    }

    // PassIssuedV1 → pass-issued.v1
    private static String type(PublicEvent record) {
        String name = record.getClass().getSimpleName().replaceFirst("V1$", "");
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(java.util.Locale.ROOT) + ".v1";
    }

    private static String json(Object record) {
        try {
            return ContractJson.mapper().writeValueAsString(record);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void publish(CloudEventRecords service, String topic, StoredEvent event) {
        send(service.record(topic, event));
    }

    private void send(ProducerRecord<String, byte[]> record) {
        try {
            producer.send(record).get(20, java.util.concurrent.TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("cannot publish to " + record.topic(), e);
        }
    }

    @Override
    public void close() {
        producer.close();
        argon2.close();
        database.close();
    }
}
