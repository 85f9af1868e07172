package tap.consumer.kit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

import com.fasterxml.jackson.databind.node.IntNode;
import tap.contract.MemberChange;
import tap.contract.PassAdmittedV1;
import tap.contract.PassExpiredV1;
import tap.contract.PassIssuedV1;
import tap.contract.PassLockedV1;
import tap.contract.PassRedeemedV1;
import tap.contract.PassRevokedV1;
import tap.contract.PassSpentV1;
import tap.contract.PassWithdrawnV1;
import tap.contract.PolicyConfiguredV1;
import tap.contract.PolicyV1;
import tap.contract.PublicEvent;
import tap.contract.Topic;
import tap.contract.Topics;
import tap.contract.UserChangedV1;

/** A history as TAP could have written it, made from a seed; with one stream a topic to which things will happen. */
final class History {
    private static final int USERS = 24;
    private static final int PASSES_A_USER = 2;
    private static final Instant BEGINNING = Instant.parse("2026-01-05T08:00:00Z");

    private final Random random;
    private final List<Sample> samples = new ArrayList<>();
    private final Map<String, Long> versions = new HashMap<>();
    private Instant now = BEGINNING;

    private History(long seed) {
        random = new Random(seed);
    }

    /** The events of these topics, in the order in which they happened. */
    static List<Sample> of(long seed, Collection<Topic> topics) {
        History history = new History(seed);
        history.write();
        return history.samples.stream()
                .filter(sample -> topics.contains(sample.topic()))
                .toList();
    }

    /** One stream of each topic: the first with three events at least. */
    static Set<String> victims(List<Sample> history) {
        Map<String, Integer> lengths = new HashMap<>();
        history.forEach(sample -> lengths.merge(sample.subject(), 1, Integer::sum));
        Map<Topic, String> victims = new LinkedHashMap<>();
        history.stream()
                .filter(sample -> lengths.getOrDefault(sample.subject(), 0) >= 3)
                .forEach(sample -> victims.putIfAbsent(sample.topic(), sample.subject()));
        return Set.copyOf(victims.values());
    }

    private void write() {
        for (int revision = 1; revision <= 3; revision++) {
            configurePolicy(revision);
        }
        List<UUID> users = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
            users.add(id());
            // whom no pass is issued to, so that no subject names two streams
            UUID onlooker = id();
            for (int change = 0; change < 3; change++) {
                changeUser(onlooker, change < 2);
            }
        }
        for (UUID user : users) {
            for (int i = 0; i < PASSES_A_USER; i++) {
                livePass(user, i);
            }
        }
    }

    private void configurePolicy(int revision) {
        PolicyV1 policy = new PolicyV1(
                "enabled",
                60 + revision,
                60,
                480,
                24,
                false,
                List.of(new PolicyV1.IncludeTarget("group", "all_users", false)),
                List.of());
        add(
                Topics.POLICIES,
                "policy-service",
                "temporary-access-pass-policy",
                "temporary-access-pass-policy",
                new PolicyConfiguredV1(
                        revision,
                        policy,
                        List.of(new MemberChange(
                                "defaultLifetimeInMinutes",
                                IntNode.valueOf(59 + revision),
                                IntNode.valueOf(60 + revision))),
                        now));
    }

    private void changeUser(UUID user, boolean active) {
        add(
                Topics.DIRECTORY,
                "policy-service",
                user,
                user,
                new UserChangedV1(user, active, "member", List.of(), List.of()));
    }

    private void livePass(UUID user, int nth) {
        UUID pass = id();
        Instant end = now.plus(Duration.ofHours(8));
        int maximum = 1 + random.nextInt(4);
        int uses = random.nextInt(maximum + 1);
        add(
                Topics.PASSES,
                "pass-service",
                user,
                user,
                new PassIssuedV1(user, pass, now, null, end, maximum == 1, maximum, 3, null));
        add(
                Topics.REDEMPTIONS,
                "redemption-service",
                user,
                pass,
                new PassAdmittedV1(
                        user,
                        pass,
                        null,
                        end,
                        maximum == 1,
                        maximum,
                        versions.getOrDefault("pass-service/" + user, 1L),
                        now));
        for (int use = 1; use <= uses; use++) {
            add(
                    Topics.REDEMPTIONS,
                    "redemption-service",
                    user,
                    pass,
                    new PassRedeemedV1(user, pass, use, maximum, "client", id(), now));
        }
        if (uses == maximum) {
            add(Topics.REDEMPTIONS, "redemption-service", user, pass, new PassSpentV1(user, pass, uses, now));
        } else if (random.nextInt(4) == 0) {
            add(Topics.REDEMPTIONS, "redemption-service", user, pass, new PassExpiredV1(user, pass, uses, now));
        } else if (random.nextInt(4) == 0) {
            add(Topics.REDEMPTIONS, "redemption-service", user, pass, new PassLockedV1(user, pass, uses, 10, now));
        }
        // the last stays, so that at the end the state still shows what went wrong on the way
        if (nth < PASSES_A_USER - 1) {
            add(Topics.PASSES, "pass-service", user, user, new PassRevokedV1(user, pass, "deleted", now));
            add(
                    Topics.REDEMPTIONS,
                    "redemption-service",
                    user,
                    pass,
                    new PassWithdrawnV1(user, pass, "open", uses, now));
        }
    }

    private void add(Topic topic, String source, Object key, Object subject, PublicEvent event) {
        now = now.plusMillis(1 + random.nextInt(1_000));
        long sequence = versions.merge(source + "/" + subject, 1L, Long::sum);
        samples.add(Sample.of(topic, source, key, subject, sequence, id(), now, event));
    }

    private UUID id() {
        return new UUID(random.nextLong(), random.nextLong());
    }
}
