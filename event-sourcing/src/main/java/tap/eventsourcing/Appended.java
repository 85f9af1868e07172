package tap.eventsourcing;

import java.util.List;
import java.util.UUID;

/**
 * Where in the log a command's events are.
 *
 * @param xid the transaction that wrote them, as text; {@code "0"} if nothing was written
 * @param lastSeq the highest sequence number among them
 * @param eventIds their ids
 */
public record Appended(String xid, long lastSeq, List<UUID> eventIds) {
    /** Nothing was appended. */
    public static final Appended NOTHING = new Appended("0", 0, List.of());
}
