package tap.pass.api;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import tap.contract.ContractJson;
import tap.pass.domain.Allowance;
import tap.pass.domain.IssuedPass;
import tap.pass.domain.UsabilityReason;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.TestDatabase;

/**
 * What this service knew at a moment, found out the long way: everything that its database holds is applied from the first entry on,
 * one by one, in the order in which it was recorded.
 */
final class Replay {
    private JsonNode policy = MissingNode.getInstance();
    private final Map<String, JsonNode> directory = new HashMap<>();
    private final Map<String, Allowance> allowances = new HashMap<>();
    private final Map<String, JsonNode> passes = new HashMap<>();
    private final Set<String> revoked = new HashSet<>();
    private final Instant moment;

    private Replay(Instant moment) {
        this.moment = moment;
    }

    /**
     * Something recorded.
     *
     * @param at when
     */
    record Entry(Instant at, String source, String stream, JsonNode payload) {}

    /** The pass that a user was shown to have. */
    record Shown(String id, String reason, int uses) {}

    /** All that the database holds, in the order of the streams. */
    static List<Entry> entries() throws SQLException {
        List<Entry> entries = new ArrayList<>();
        try (TestDatabase database = ServiceTestResource.database();
                Connection service = database.connectAsService();
                Statement statement = service.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT occurred_at, 'pass-service', stream_id, payload::text, version FROM event
                        UNION ALL SELECT received_at, source, stream_id, payload::text, version FROM received
                        ORDER BY 2, 3, 5""")) {
            while (rows.next()) {
                entries.add(new Entry(
                        rows.getObject(1, OffsetDateTime.class).toInstant(),
                        rows.getString(2),
                        rows.getString(3),
                        ContractJson.mapper().readTree(rows.getString(4))));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        return entries;
    }

    /** Applies what was recorded by a moment. */
    static Replay until(Instant moment, List<Entry> entries) {
        Replay replay = new Replay(moment);
        entries.stream().filter(entry -> !entry.at.isAfter(moment)).forEach(replay::apply);
        return replay;
    }

    private void apply(Entry entry) {
        JsonNode said = entry.payload;
        switch (entry.source) {
            case "policy-service" -> {
                if (said.has("policy")) {
                    policy = said.path("policy");
                } else {
                    directory.put(entry.stream, said);
                }
            }
            case "redemption-service" ->
                allowances.merge(
                        entry.stream, changed(Allowance.UNKNOWN, said), (before, same) -> changed(before, said));
            default -> {
                if (said.has("createdAt")) {
                    passes.put(entry.stream, said);
                    revoked.remove(entry.stream);
                } else {
                    revoked.add(entry.stream);
                }
            }
        }
    }

    private static Allowance changed(Allowance before, JsonNode said) {
        return new Allowance(
                before.admitted() || said.has("admittedAt"),
                before.refused() || said.has("refusedAt"),
                said.path("use").asInt(before.uses()),
                null,
                before.spent() || said.has("spentAt"),
                before.expired() || said.has("expiredAt"),
                before.locked() || said.has("lockedAt"),
                before.withdrawn() || said.has("withdrawnAt"));
    }

    boolean knows(UUID user) {
        return said(user.toString()).has("active");
    }

    boolean targets(UUID user) {
        return names("includeTargets", user) && !names("excludeTargets", user);
    }

    private boolean names(String targets, UUID user) {
        Set<String> groups = new HashSet<>();
        said(user.toString()).path("groupIds").forEach(group -> enter(group.asText(), groups));
        for (JsonNode target : policy.path(targets)) {
            String id = target.path("id").asText();
            boolean named = target.path("targetType").asText().equals("user")
                    ? id.equals(user.toString())
                    : id.equals("all_users") || groups.contains(id);
            if (named) {
                return true;
            }
        }
        return false;
    }

    private void enter(String group, Set<String> groups) {
        if (groups.add(group)) {
            said(group).path("parentGroupIds").forEach(parent -> enter(parent.asText(), groups));
        }
    }

    /** The pass that the user had, or none. */
    List<Shown> shown(UUID user) {
        JsonNode issued = passes.get(user.toString());
        if (issued == null) {
            return List.of();
        }
        String id = issued.path("passId").asText();
        Allowance allowance = allowances.getOrDefault(id, Allowance.UNKNOWN);
        boolean isRevoked = revoked.contains(user.toString());
        if (isRevoked && allowance.withdrawn()) {
            return List.of();
        }
        UsabilityReason reason = UsabilityReason.of(pass(issued), isRevoked, allowance, terms(user), moment);
        return List.of(new Shown(id, reason.value(), allowance.uses()));
    }

    private UsabilityReason.Terms terms(UUID user) {
        JsonNode person = said(user.toString());
        boolean allowed = policy.path("state").asText().equals("enabled")
                && person.path("active").asBoolean()
                && !person.path("kind").asText().equals("externalGuest")
                && targets(user);
        return new UsabilityReason.Terms(allowed, policy.path("isUsableOnce").asBoolean());
    }

    private JsonNode said(String stream) {
        return directory.getOrDefault(stream, MissingNode.getInstance());
    }

    private static IssuedPass pass(JsonNode issued) {
        return new IssuedPass(
                UUID.fromString(issued.path("userId").asText()),
                UUID.fromString(issued.path("passId").asText()),
                Instant.parse(issued.path("createdAt").asText()),
                issued.hasNonNull("startsAt")
                        ? Instant.parse(issued.path("startsAt").asText())
                        : null,
                Instant.parse(issued.path("endsAt").asText()),
                issued.path("isUsableOnce").asBoolean(),
                issued.hasNonNull("maximumUses") ? issued.path("maximumUses").asInt() : null);
    }
}
