package tap.contract;

import java.util.List;
import java.util.Map;

/** The topics of TAP, who writes each and how it is kept (design: events that others can build on). */
public final class Topics {
    private static final int BY_USER = 12;
    private static final Map<String, String> KEPT_FOR_EVER = Map.of("cleanup.policy", "delete", "retention.ms", "-1");
    private static final Map<String, String> NEWEST_PER_KEY = Map.of("cleanup.policy", "compact");

    /** Written by policy-service: the policy as it became. Key: the policy's stream id. */
    public static final Topic POLICIES = new Topic("tap.policies", 1, KEPT_FOR_EVER);

    /** Written by policy-service: users and groups, ids only. Key: user or group id. */
    public static final Topic DIRECTORY = new Topic("tap.directory", BY_USER, KEPT_FOR_EVER);

    /** Written by policy-service: user name and external id of a user, personal data. Key: user id; a tombstone removes. */
    public static final Topic DIRECTORY_NAMES = new Topic("tap.directory-names", BY_USER, NEWEST_PER_KEY);

    /** Written by pass-service: a user's pass stream. Key: user id. */
    public static final Topic PASSES = new Topic("tap.passes", BY_USER, KEPT_FOR_EVER);

    /** Written by pass-service, read by redemption-service alone: the same stream with sealed verifiers. Key: user id. */
    public static final Topic PASS_CREDENTIALS = new Topic("tap.pass-credentials", BY_USER, KEPT_FOR_EVER);

    /** Written by redemption-service: allowances and their uses. Key: user id. */
    public static final Topic REDEMPTIONS = new Topic("tap.redemptions", BY_USER, KEPT_FOR_EVER);

    /** Written by followers: the next offset that each has to apply. Key: service/topic/partition. */
    public static final Topic POSITIONS = new Topic("tap.positions", 1, NEWEST_PER_KEY);

    /** Every topic, in the order of the services that write them. */
    public static final List<Topic> ALL =
            List.of(POLICIES, DIRECTORY, DIRECTORY_NAMES, PASSES, PASS_CREDENTIALS, REDEMPTIONS, POSITIONS);

    private Topics() {}
}
