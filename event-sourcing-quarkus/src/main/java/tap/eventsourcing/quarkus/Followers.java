package tap.eventsourcing.quarkus;

import java.util.List;
import java.util.Map;

import tap.contract.Topic;
import tap.eventsourcing.followers.Follower;
import tap.eventsourcing.topics.KeyPartition;

/** The followers of this service, by topic. */
public final class Followers {
    private final Map<Topic, Follower> byTopic;

    /** @param byTopic all of them */
    public Followers(Map<Topic, Follower> byTopic) {
        this.byTopic = Map.copyOf(byTopic);
    }

    /** The one that follows the topic. */
    public Follower of(Topic topic) {
        Follower follower = byTopic.get(topic);
        if (follower == null) {
            throw new IllegalArgumentException("nobody follows " + topic.name());
        }
        return follower;
    }

    /** Whether this pod is the one that follows what is said of a key, as far as it knows. */
    public boolean followsHere(Topic topic, String key) {
        return of(topic).follows(KeyPartition.of(key, topic.partitions()));
    }

    /** All of them. */
    public List<Follower> all() {
        return List.copyOf(byTopic.values());
    }
}
