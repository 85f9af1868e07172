package tap.endtoend.torture.invariants;

import java.util.List;
import java.util.stream.Stream;

import tap.contract.Topic;
import tap.contract.Topics;

/** A service, where it writes and where it publishes. */
public enum Service {
    /** Policy and directory. */
    POLICY("policy-service", "tap_policy"),
    /** Passes. */
    PASS("pass-service", "tap_pass"),
    /** Allowances. */
    REDEMPTION("redemption-service", "tap_redemption");

    private final String serviceName;
    private final String database;

    Service(String serviceName, String database) {
        this.serviceName = serviceName;
        this.database = database;
    }

    /** The name of its database. */
    public String database() {
        return database;
    }

    /** The topics with its events. */
    List<Topic> topics() {
        return switch (this) {
            case POLICY -> List.of(Topics.POLICIES, Topics.DIRECTORY);
            case PASS -> List.of(Topics.PASSES, Topics.PASS_CREDENTIALS);
            case REDEMPTION -> List.of(Topics.REDEMPTIONS);
        };
    }

    static List<String> topicNames() {
        return Stream.of(values())
                .flatMap(service -> service.topics().stream())
                .map(Topic::name)
                .toList();
    }

    @Override
    public String toString() {
        return serviceName;
    }
}
