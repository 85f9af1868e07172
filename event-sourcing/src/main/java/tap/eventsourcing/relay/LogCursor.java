package tap.eventsourcing.relay;

import org.jspecify.annotations.Nullable;

/**
 * How far the log was read, as PgQ does it: everything visible in {@code previous} is done; of what became visible between it
 * and {@code target}, everything up to {@code lastSeq} is.
 *
 * @param previous a {@code pg_snapshot} as text
 * @param target the end of the window that is being paged through, or {@code null} if none is
 * @param lastSeq the last sequence number read in the window, 0 without one
 */
public record LogCursor(String previous, @Nullable String target, long lastSeq) {
    /** Between windows. */
    public static LogCursor at(String snapshot) {
        return new LogCursor(snapshot, null, 0);
    }

    /**
     * Whether everything up to the newest event is known to be behind a cursor between windows.
     *
     * @param newestXid of the event with the youngest transaction; null if there is no event
     */
    boolean hasAll(@Nullable String newestXid) {
        // xmin:xmax:xip, see pg_snapshot: younger than xmax is new, and so may be what was open
        String[] parts = previous.split(":", -1);
        return parts[2].isEmpty() && (newestXid == null || Long.compareUnsigned(parse(newestXid), parse(parts[1])) < 0);
    }

    private static long parse(String xid) {
        return Long.parseUnsignedLong(xid);
    }

    /**
     * The cursor after a page.
     *
     * @param snapshot the snapshot that the page was read in, if it was a window's first
     * @param limit the most rows that the page could have
     * @param rows how many it had
     * @param last the sequence number of its last row
     */
    LogCursor after(String snapshot, int limit, int rows, long last) {
        String end = target == null ? snapshot : target;
        return rows < limit ? at(end) : new LogCursor(previous, end, last);
    }
}
