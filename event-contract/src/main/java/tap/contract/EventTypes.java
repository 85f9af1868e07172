package tap.contract;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The stored type of each public record and back. A type is its name and version for ever: a change that is no optional
 * addition is a new type with a record, a schema and a golden file of its own.
 */
public final class EventTypes {
    /** What a CloudEvents {@code type} has before the stored type. */
    public static final String CLOUD_EVENTS_PREFIX = "tap.";

    /** The type of the absolute states on {@link Topics#DIRECTORY_NAMES}, which are not events of a log. */
    public static final String DIRECTORY_NAME = "directory-name.v1";

    private static final Map<String, Class<? extends PublicEvent>> RECORDS = records();

    private EventTypes() {}

    /** Every stored type and its record, in the order of the catalogue. */
    public static Map<String, Class<? extends PublicEvent>> all() {
        return RECORDS;
    }

    /** The record of a stored type; empty if this build does not know it. */
    public static Optional<Class<? extends PublicEvent>> record(String type) {
        return Optional.ofNullable(RECORDS.get(type));
    }

    /** The stored type of a record. */
    public static String type(Class<? extends PublicEvent> record) {
        return RECORDS.entrySet().stream()
                .filter(entry -> entry.getValue().equals(record))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(record.getName() + " has no stored type"));
    }

    /** Where the class path has the JSON Schema (draft 2020-12) of a type. */
    public static String schema(String type) {
        return "schemas/" + type + ".json";
    }

    private static Map<String, Class<? extends PublicEvent>> records() {
        Map<String, Class<? extends PublicEvent>> records = new LinkedHashMap<>();
        records.put("policy-configured.v1", PolicyConfiguredV1.class);
        records.put("policy-reset.v1", PolicyResetV1.class);
        records.put("user-changed.v1", UserChangedV1.class);
        records.put("user-removed.v1", UserRemovedV1.class);
        records.put("group-changed.v1", GroupChangedV1.class);
        records.put("group-removed.v1", GroupRemovedV1.class);
        records.put("pass-issued.v1", PassIssuedV1.class);
        records.put("pass-revoked.v1", PassRevokedV1.class);
        records.put("pass-admitted.v1", PassAdmittedV1.class);
        records.put("admission-refused.v1", AdmissionRefusedV1.class);
        records.put("pass-redeemed.v1", PassRedeemedV1.class);
        records.put("pass-spent.v1", PassSpentV1.class);
        records.put("pass-expired.v1", PassExpiredV1.class);
        records.put("pass-locked.v1", PassLockedV1.class);
        records.put("pass-withdrawn.v1", PassWithdrawnV1.class);
        records.put("token-revoked.v1", TokenRevokedV1.class);
        return java.util.Collections.unmodifiableMap(records);
    }
}
