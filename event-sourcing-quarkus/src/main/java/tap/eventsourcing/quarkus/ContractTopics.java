package tap.eventsourcing.quarkus;

import java.util.List;

import io.quarkus.runtime.Quarkus;
import org.jboss.logging.Logger;
import tap.contract.Topic;
import tap.eventsourcing.topics.ExpectedTopic;

/** The contract's topics as the library checks them, and what follows if one is not to be trusted. */
public final class ContractTopics {
    private static final Logger LOG = Logger.getLogger(ContractTopics.class);

    private ContractTopics() {}

    /** What the topics of the contract must look like. */
    public static List<ExpectedTopic> expected(List<Topic> topics) {
        return topics.stream()
                .map(topic -> new ExpectedTopic(topic.name(), topic.partitions(), topic.isCompacted()))
                .toList();
    }

    /** Says why, and ends the process with exit code 1. */
    public static void refuse(List<String> reasons) {
        reasons.forEach(reason -> LOG.errorf("refusing to run: %s", reason));
        Quarkus.asyncExit(1);
    }
}
