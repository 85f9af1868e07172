package tap.eventsourcing.followers;

import java.util.Optional;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

/** The table {@code unpark_request}: what an operator asks for, and what came of it. */
final class UnparkRequests {
    private static final String TAKE = """
            UPDATE unpark_request SET taken_until = tap_now() + interval '30 s'
             WHERE id = (SELECT id FROM unpark_request
                          WHERE finished_at IS NULL AND (taken_until IS NULL OR taken_until < tap_now())
                          ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING id, wanted""";

    private static final String KEEP =
            "UPDATE unpark_request SET taken_until = tap_now() + interval '30 s' WHERE id = $1";

    private static final String FINISH =
            "UPDATE unpark_request SET finished_at = tap_now(), outcome = $2::text::json WHERE id = $1";

    private UnparkRequests() {}

    /** Takes up the oldest that nobody is at. */
    static Uni<Optional<UnparkRequest>> take(SqlClient client) {
        return client.preparedQuery(TAKE).execute().map(rows -> {
            for (Row row : rows) {
                return Optional.of(new UnparkRequest(row.getLong("id"), row.getString("wanted")));
            }
            return Optional.empty();
        });
    }

    /** Says that it is still worked on. */
    static Uni<Void> keep(SqlClient client, UnparkRequest request) {
        return client.preparedQuery(KEEP).execute(Tuple.of(request.id())).replaceWithVoid();
    }

    /** Writes down what came of it. */
    static Uni<Void> finish(SqlClient client, UnparkRequest request, JsonObject outcome) {
        return client.preparedQuery(FINISH)
                .execute(Tuple.of(request.id(), outcome.encode()))
                .replaceWithVoid();
    }

    /**
     * A request.
     *
     * @param wanted a stream, or a key whose streams are meant; null for all
     */
    record UnparkRequest(long id, @Nullable String wanted) {}
}
