package tap.eventsourcing.confirmation;

import java.time.Duration;

import io.vertx.mutiny.sqlclient.Row;

/**
 * How much waits to be confirmed.
 *
 * @param count how many things
 * @param age of the oldest, by the database's clock; zero if there is none
 */
public record Pending(long count, Duration age) {
    /** Nothing waits. */
    public static final Pending NOTHING = new Pending(0, Duration.ZERO);

    /** What a row with {@code count} (bigint) and {@code seconds} (float8, null if there is none) says. */
    public static Pending of(Row row) {
        Double seconds = row.getDouble("seconds");
        return new Pending(
                row.getLong("count"), seconds == null ? Duration.ZERO : Duration.ofMillis(Math.round(seconds * 1_000)));
    }
}
