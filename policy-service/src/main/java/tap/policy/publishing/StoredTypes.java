package tap.policy.publishing;

import tap.eventsourcing.UnknownEventType;
import tap.eventsourcing.restore.Aggregate;
import tap.policy.domain.GroupDecider;
import tap.policy.domain.PolicyDecider;
import tap.policy.domain.UserDecider;

/** Which of this service's aggregates a stored type belongs to. Users' and groups' streams are not to be told apart by their ids. */
public final class StoredTypes {
    private StoredTypes() {}

    /**
     * How the stream is folded that has an event of this type.
     *
     * @throws UnknownEventType if this build knows no such family
     */
    public static Aggregate<?, ?> aggregate(String type) {
        return switch (type.substring(0, Math.max(0, type.indexOf('-')))) {
            case "policy" -> new Aggregate<>(new PolicyDecider(), StoredPolicy.EVENTS, StoredPolicy.HEAD);
            case "user" -> new Aggregate<>(new UserDecider(), StoredUser.EVENTS, StoredUser.HEAD);
            case "group" -> new Aggregate<>(new GroupDecider(), StoredGroup.EVENTS, StoredGroup.HEAD);
            default -> throw new UnknownEventType(type);
        };
    }
}
