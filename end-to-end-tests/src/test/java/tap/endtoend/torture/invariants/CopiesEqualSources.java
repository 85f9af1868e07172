package tap.endtoend.torture.invariants;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import tap.contract.ContractJson;
import tap.contract.UserNames;
import tap.endtoend.torture.invariants.Store.Event;
import tap.policy.publishing.StoredPolicy;

import static tap.endtoend.torture.invariants.Service.PASS;
import static tap.endtoend.torture.invariants.Service.POLICY;
import static tap.endtoend.torture.invariants.Service.REDEMPTION;

/** What a service knows of another is what the other has decided, to the last event. */
final class CopiesEqualSources extends Invariant {
    private static final String ALL_USERS = "all_users";

    private static final Map<String, String> ALLOWANCE_FACTS = Map.of(
            "pass-admitted.v1", "admittedAt",
            "admission-refused.v1", "refusedAt",
            "pass-spent.v1", "spentAt",
            "pass-expired.v1", "expiredAt",
            "pass-locked.v1", "lockedAt",
            "pass-withdrawn.v1", "withdrawnAt");

    CopiesEqualSources() {
        super("copies are equal to their sources");
    }

    @Override
    Stream<String> violated(Evidence evidence) {
        List<String> violated = new ArrayList<>();
        for (Service follower : List.of(PASS, REDEMPTION)) {
            Store own = evidence.store(follower);
            Store source = evidence.store(POLICY);
            compare(follower + "'s copy of the policy", policy(source), own.copy("policy_copy"), violated);
            compare(follower + "'s copy of users", users(source), own.copy("user_copy"), violated);
            compare(follower + "'s copy of names", names(source), own.copy("directory_name"), violated);
        }
        Store allowances = evidence.store(REDEMPTION);
        compare(
                "pass-service's copy of allowances",
                allowances(allowances),
                evidence.store(PASS).copy("allowance_copy"),
                violated);
        compare(
                "redemption-service's list of open allowances",
                open(allowances),
                allowances.copy("open_allowance"),
                violated);
        compare(
                "what pass-service received",
                sent(evidence, POLICY, REDEMPTION),
                evidence.store(PASS).received(),
                violated);
        compare("what redemption-service received", sent(evidence, POLICY, PASS), allowances.received(), violated);
        return violated.stream();
    }

    private static <T> void compare(String what, Map<String, T> expected, Map<String, T> found, List<String> violated) {
        TreeSet<String> keys = new TreeSet<>(expected.keySet());
        keys.addAll(found.keySet());
        for (String key : keys) {
            if (!Objects.equals(expected.get(key), found.get(key))) {
                violated.add(what + ": " + key + " is " + found.get(key) + ", its source says " + expected.get(key));
            }
        }
    }

    private static Map<String, JsonNode> policy(Store source) {
        List<Event> stream = source.stream(StoredPolicy.STREAM);
        if (stream.isEmpty()) {
            throw new IllegalStateException("nobody has configured the policy");
        }
        JsonNode policy = stream.getLast().content().path("policy");
        ObjectNode row = ContractJson.mapper().createObjectNode();
        row.put("revision", stream.getLast().version());
        row.put("enabled", policy.path("state").asText().equals("enabled"));
        row.set("default_lifetime_in_minutes", policy.path("defaultLifetimeInMinutes"));
        row.set("minimum_lifetime_in_minutes", policy.path("minimumLifetimeInMinutes"));
        row.set("maximum_lifetime_in_minutes", policy.path("maximumLifetimeInMinutes"));
        row.set("default_length", policy.path("defaultLength"));
        row.set("is_usable_once", policy.path("isUsableOnce"));
        targets(row, "includes_all_users", "included", policy.path("includeTargets"));
        targets(row, "excludes_all_users", "excluded", policy.path("excludeTargets"));
        return Map.of("one", normal(row));
    }

    private static void targets(ObjectNode row, String all, String some, JsonNode targets) {
        ArrayNode users = row.putArray(some + "_users");
        ArrayNode groups = row.putArray(some + "_groups");
        row.put(all, false);
        for (JsonNode target : targets) {
            String id = target.path("id").asText();
            if (target.path("targetType").asText().equals("user")) {
                users.add(id);
            } else if (id.equals(ALL_USERS)) {
                row.put(all, true);
            } else {
                groups.add(id);
            }
        }
    }

    private static Map<String, JsonNode> users(Store source) {
        Map<String, JsonNode> users = new TreeMap<>();
        source.streams().forEach((stream, events) -> {
            Event last = events.getLast();
            if (last.type().equals("user-changed.v1")) {
                ObjectNode row = ContractJson.mapper().createObjectNode();
                row.set("active", last.content().path("active"));
                row.set("kind", last.content().path("kind"));
                row.set("administrator_roles", last.content().path("administratorRoles"));
                row.set("group_ids", last.content().path("groupIds"));
                users.put(stream, normal(row));
            }
        });
        return users;
    }

    private static Map<String, JsonNode> names(Store source) {
        Map<String, JsonNode> names = new TreeMap<>();
        source.copy("person").forEach((user, person) -> {
            ObjectNode row = ContractJson.mapper().createObjectNode();
            row.put("name_key", UserNames.key(person.path("user_name").asText()));
            row.set("external_id", person.path("external_id"));
            names.put(user, normal(row));
        });
        return names;
    }

    private static Map<String, JsonNode> allowances(Store source) {
        Map<String, JsonNode> allowances = new TreeMap<>();
        source.streams().forEach((stream, events) -> allowances.put(stream, allowance(events)));
        return allowances;
    }

    private static JsonNode allowance(List<Event> events) {
        ObjectNode row = ContractJson.mapper().createObjectNode();
        row.set("user_id", events.getFirst().content().path("userId"));
        row.put("uses", 0);
        row.putNull("last_used_at");
        ALLOWANCE_FACTS.values().forEach(fact -> row.putNull(column(fact)));
        for (Event event : events) {
            String fact = ALLOWANCE_FACTS.get(event.type());
            if (fact != null) {
                row.set(column(fact), event.content().path(fact));
            } else if (event.type().equals("pass-redeemed.v1")) {
                row.set("uses", event.content().path("use"));
                row.set("last_used_at", event.content().path("redeemedAt"));
            }
        }
        return normal(row);
    }

    private static String column(String fact) {
        return fact.replace("At", "_at");
    }

    private static Map<String, JsonNode> open(Store source) {
        Map<String, JsonNode> open = new TreeMap<>();
        source.heads().forEach((stream, head) -> {
            if (head.state().path("is").asText().equals("Open")) {
                ObjectNode row = ContractJson.mapper().createObjectNode();
                row.set("ends_at", head.state().path("pass").path("endsAt"));
                open.put(stream, normal(row));
            }
        });
        return open;
    }

    private static Map<String, Store.Received> sent(Evidence evidence, Service... sources) {
        Map<String, Store.Received> sent = new HashMap<>();
        for (Service source : sources) {
            evidence.store(source)
                    .events()
                    .forEach(event -> sent.put(
                            source + "/" + event.streamId() + "/" + event.version(),
                            new Store.Received(event.id(), event.written().payload())));
        }
        return sent;
    }

    // As it would be read: numbers of whatever width, instants as Java writes them.
    private static JsonNode normal(JsonNode row) {
        return Store.row(row.toString());
    }
}
