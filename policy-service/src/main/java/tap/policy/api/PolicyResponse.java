package tap.policy.api;

import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import tap.policy.domain.PolicySettings;

/**
 * The policy as Graph's {@code temporaryAccessPassAuthenticationMethodConfiguration}.
 *
 * @param context only where it is not an element of a list
 * @param odataType without it the Java SDK cannot cast
 */
record PolicyResponse(
        @JsonProperty("@odata.context") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        String context,

        @JsonProperty("@odata.type") String odataType,
        String id,
        String state,
        int defaultLifetimeInMinutes,
        int minimumLifetimeInMinutes,
        int maximumLifetimeInMinutes,
        int defaultLength,
        boolean isUsableOnce,
        List<IncludeTarget> includeTargets,
        List<ExcludeTarget> excludeTargets) {
    static final String ID = "TemporaryAccessPass";
    static final String TYPE = "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration";

    static PolicyResponse of(@Nullable String context, PolicySettings settings) {
        return new PolicyResponse(
                context,
                TYPE,
                ID,
                word(settings.state()),
                settings.defaultLifetimeInMinutes(),
                settings.minimumLifetimeInMinutes(),
                settings.maximumLifetimeInMinutes(),
                settings.defaultLength(),
                settings.isUsableOnce(),
                settings.includeTargets().stream()
                        .map(target -> new IncludeTarget(
                                word(target.targetType()), target.id(), target.isRegistrationRequired()))
                        .toList(),
                settings.excludeTargets().stream()
                        .map(target -> new ExcludeTarget(word(target.targetType()), target.id()))
                        .toList());
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Who may have a pass. */
    record IncludeTarget(String targetType, String id, boolean isRegistrationRequired) {}

    /** Who may not. */
    record ExcludeTarget(String targetType, String id) {}
}
