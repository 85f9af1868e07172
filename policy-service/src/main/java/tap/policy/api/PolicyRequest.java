package tap.policy.api;

import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tap.graph.json.Members;
import tap.graph.json.RequestBody;
import tap.policy.domain.PolicyChange;
import tap.policy.domain.PolicySettings.ExcludeTarget;
import tap.policy.domain.PolicySettings.IncludeTarget;
import tap.policy.domain.PolicySettings.State;
import tap.policy.domain.PolicySettings.TargetType;

/** Reads a PATCH of the policy. */
final class PolicyRequest {
    private static final Map<String, State> STATES = Map.of("enabled", State.ENABLED, "disabled", State.DISABLED);
    private static final Map<String, TargetType> TARGET_TYPES =
            Map.of("group", TargetType.GROUP, "user", TargetType.USER);
    private static final int LONGEST_ID = 64;

    private PolicyRequest() {}

    /** The change that the body asks for; 400 for what is no change of a policy. */
    static PolicyChange change(RequestBody body) {
        return body.read(PolicyResponse.TYPE, members -> {
            members.ignore("id");
            return new PolicyChange(
                    members.oneOf("state", STATES),
                    members.integer("defaultLifetimeInMinutes"),
                    members.integer("minimumLifetimeInMinutes"),
                    members.integer("maximumLifetimeInMinutes"),
                    members.integer("defaultLength"),
                    members.bool("isUsableOnce"),
                    members.list(
                            "includeTargets",
                            target -> new IncludeTarget(
                                    targetType(target),
                                    id(target),
                                    Boolean.TRUE.equals(target.bool("isRegistrationRequired")))),
                    members.list("excludeTargets", target -> new ExcludeTarget(targetType(target), id(target))));
        });
    }

    private static TargetType targetType(Members target) {
        return required(target, "targetType", "group or user", target.oneOf("targetType", TARGET_TYPES));
    }

    private static String id(Members target) {
        return required(target, "id", "a directory id, or all_users", target.text("id", LONGEST_ID))
                .toLowerCase(Locale.ROOT);
    }

    private static <T> T required(Members members, String name, String expectation, @Nullable T value) {
        if (value == null) {
            throw members.expected(name, expectation);
        }
        return value;
    }
}
