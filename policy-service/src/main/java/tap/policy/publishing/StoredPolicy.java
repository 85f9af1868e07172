package tap.policy.publishing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import tap.contract.ContractJson;
import tap.contract.MemberChange;
import tap.contract.PolicyConfiguredV1;
import tap.contract.PolicyResetV1;
import tap.contract.PolicyV1;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.JsonEventCodec;
import tap.eventsourcing.JsonStateCodec;
import tap.eventsourcing.StateCodec;
import tap.policy.domain.Policy;
import tap.policy.domain.PolicyEvent;
import tap.policy.domain.PolicyEvent.PolicyConfigured;
import tap.policy.domain.PolicyEvent.PolicyReset;
import tap.policy.domain.PolicySettings;
import tap.policy.domain.PolicySettings.ExcludeTarget;
import tap.policy.domain.PolicySettings.IncludeTarget;
import tap.policy.domain.PolicySettings.TargetType;

/** The policy's stream: its id, the stored names of its events, and how its head is kept. */
public final class StoredPolicy {
    /** The one stream of the one policy, and the key of its messages. */
    public static final String STREAM = "temporary-access-pass-policy";

    /** The stored names. */
    public static final EventCodec<PolicyEvent> EVENTS = JsonEventCodec.<PolicyEvent>with(ContractJson.mapper())
            .event(
                    "policy-configured.v1",
                    PolicyConfigured.class,
                    PolicyConfiguredV1.class,
                    StoredPolicy::configured,
                    StoredPolicy::configured)
            .event("policy-reset.v1", PolicyReset.class, PolicyResetV1.class, StoredPolicy::reset, StoredPolicy::reset)
            .build();

    /** The head. The view {@code policy_details} reads {@code settings} of it: raise the version and replace the view together. */
    public static final StateCodec<Policy> HEAD =
            new JsonStateCodec<>(Policy.class, 1, ContractJson.mapper(), policy -> STREAM, policy -> false);

    private static final JsonMapper JSON = ContractJson.mapper();

    private StoredPolicy() {}

    private static PolicyConfiguredV1 configured(PolicyConfigured event) {
        return new PolicyConfiguredV1(event.revision(), policy(event.after()), changes(event), event.configuredAt());
    }

    private static PolicyConfigured configured(PolicyConfiguredV1 stored) {
        return new PolicyConfigured(
                stored.revision(),
                before(stored.policy(), stored.changes()),
                settings(stored.policy()),
                stored.configuredAt());
    }

    private static PolicyResetV1 reset(PolicyReset event) {
        return new PolicyResetV1(event.revision(), policy(event.after()), changes(event), event.resetAt());
    }

    private static PolicyReset reset(PolicyResetV1 stored) {
        return new PolicyReset(
                stored.revision(),
                before(stored.policy(), stored.changes()),
                settings(stored.policy()),
                stored.resetAt());
    }

    private static List<MemberChange> changes(PolicyEvent event) {
        ObjectNode before = JSON.valueToTree(policy(event.before()));
        ObjectNode after = JSON.valueToTree(policy(event.after()));
        List<MemberChange> changes = new ArrayList<>();
        for (var member : after.properties()) {
            JsonNode from = before.get(member.getKey());
            if (!member.getValue().equals(from)) {
                changes.add(new MemberChange(member.getKey(), from, member.getValue()));
            }
        }
        return changes;
    }

    private static PolicySettings before(PolicyV1 after, List<MemberChange> changes) {
        ObjectNode before = JSON.valueToTree(after);
        changes.forEach(change -> before.set(change.member(), change.from()));
        try {
            return settings(JSON.treeToValue(before, PolicyV1.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the changes of a stored policy event name what no policy has", e);
        }
    }

    private static PolicyV1 policy(PolicySettings settings) {
        return new PolicyV1(
                written(settings.state()),
                settings.defaultLifetimeInMinutes(),
                settings.minimumLifetimeInMinutes(),
                settings.maximumLifetimeInMinutes(),
                settings.defaultLength(),
                settings.isUsableOnce(),
                settings.includeTargets().stream()
                        .map(target -> new PolicyV1.IncludeTarget(
                                written(target.targetType()), target.id(), target.isRegistrationRequired()))
                        .toList(),
                settings.excludeTargets().stream()
                        .map(target -> new PolicyV1.ExcludeTarget(written(target.targetType()), target.id()))
                        .toList());
    }

    private static PolicySettings settings(PolicyV1 policy) {
        return new PolicySettings(
                PolicySettings.State.valueOf(read(policy.state())),
                policy.defaultLifetimeInMinutes(),
                policy.minimumLifetimeInMinutes(),
                policy.maximumLifetimeInMinutes(),
                policy.defaultLength(),
                policy.isUsableOnce(),
                policy.includeTargets().stream()
                        .map(target -> new IncludeTarget(
                                TargetType.valueOf(read(target.targetType())),
                                target.id(),
                                target.isRegistrationRequired()))
                        .toList(),
                policy.excludeTargets().stream()
                        .map(target -> new ExcludeTarget(TargetType.valueOf(read(target.targetType())), target.id()))
                        .toList());
    }

    private static String written(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String read(String value) {
        return value.toUpperCase(Locale.ROOT);
    }
}
