package tap.localstack.infrastructure;

import java.util.List;

/** What a PostgreSQL of ours promises about a commit it has answered. */
public enum Durability {
    /** A commit survives SIGKILL and power loss: what every stack and every crash test needs. */
    FULL("on"),
    /** A commit may vanish with the machine: for tests whose data nobody misses. */
    NONE("off");

    private final String value;

    Durability(String value) {
        this.value = value;
    }

    List<String> settings() {
        return List.of("fsync=" + value, "full_page_writes=" + value, "synchronous_commit=" + value);
    }
}
