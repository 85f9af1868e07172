package tap.policy.application;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import tap.contract.DirectoryNameV1;
import tap.contract.UserNames;

/** The table {@code person}: written in the transaction of the user's event, never alone. */
final class People {
    private static final String INSERT = """
            INSERT INTO person (user_id, user_name, folded_user_name, external_id, display_name, user_type, created_at,
              changed_at)
            VALUES ($1, $2, $3, $4, $5, $6, tap_now(), tap_now()) RETURNING created_at, changed_at""";

    private static final String UPDATE = """
            UPDATE person SET user_name = $2, folded_user_name = $3, external_id = $4, display_name = $5, user_type = $6,
              changed_at = tap_now()
            WHERE user_id = $1 RETURNING created_at, changed_at""";

    private static final String DELETE = "DELETE FROM person WHERE user_id = $1";

    private static final String FORGET = """
            DELETE FROM person WHERE user_id = ANY ($1) RETURNING user_id, display_name, user_type, created_at""";

    private static final String BRING_BACK = """
            INSERT INTO person (user_id, user_name, folded_user_name, external_id, display_name, user_type, created_at,
              changed_at)
            SELECT n.user_id, n.user_name, n.folded, n.external_id, n.display_name, n.user_type,
              coalesce(n.created_at, e.occurred_at), h.last_event_at
              FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
                n(user_id, user_name, folded, external_id, display_name, user_type, created_at)
              JOIN head h ON h.stream_id = n.user_id::text AND NOT h.ended
              JOIN event e ON e.stream_id = h.stream_id AND e.version = 1
            ON CONFLICT DO NOTHING""";

    private static final String NAMELESS = """
            SELECT count(*) AS nameless FROM unnest($1::uuid[]) u(id)
              JOIN head h ON h.stream_id = u.id::text AND NOT h.ended AND h.state ? 'profile'
             WHERE NOT EXISTS (SELECT FROM person p WHERE p.user_id = u.id)""";

    private static final String UNIQUE_VIOLATION = "23505";

    private People() {}

    /** Adds a person; fails with {@link NameTaken}. */
    static Uni<Times> insert(SqlConnection transaction, UUID userId, Person person) {
        return write(transaction, INSERT, userId, person);
    }

    /** Takes over new names; fails with {@link NameTaken}. */
    static Uni<Times> update(SqlConnection transaction, UUID userId, Person person) {
        return write(transaction, UPDATE, userId, person);
    }

    /** Forgets a person. */
    static Uni<Void> delete(SqlConnection transaction, UUID userId) {
        return transaction.preparedQuery(DELETE).execute(Tuple.of(userId)).replaceWithVoid();
    }

    /**
     * Gives users the names that were published last; what was not published stays as it was. All at once, because a name may
     * have moved from one to another.
     *
     * @param changed the users whose names may have changed; who has left is forgotten
     * @param published user name and external id, by user
     * @return how many of the users have no name now
     */
    static Uni<Long> restore(SqlConnection transaction, List<UUID> changed, Map<UUID, DirectoryNameV1> published) {
        UUID[] ids = changed.toArray(UUID[]::new);
        return transaction
                .preparedQuery(FORGET)
                .execute(Tuple.tuple().addArrayOfUUID(ids))
                .flatMap(forgotten -> {
                    Map<UUID, Row> before = new HashMap<>();
                    forgotten.forEach(row -> before.put(row.getUUID("user_id"), row));
                    return transaction
                            .preparedQuery(BRING_BACK)
                            .execute(broughtBack(List.copyOf(published.values()), before));
                })
                .flatMap(back -> transaction
                        .preparedQuery(NAMELESS)
                        .execute(Tuple.tuple().addArrayOfUUID(ids)))
                .map(rows -> rows.iterator().next().getLong("nameless"));
    }

    private static Tuple broughtBack(List<DirectoryNameV1> names, Map<UUID, Row> before) {
        return Tuple.tuple()
                .addArrayOfUUID(names.stream().map(DirectoryNameV1::userId).toArray(UUID[]::new))
                .addArrayOfString(names.stream().map(DirectoryNameV1::userName).toArray(String[]::new))
                .addArrayOfString(names.stream()
                        .map(name -> UserNames.key(name.userName()))
                        .toArray(String[]::new))
                .addArrayOfString(
                        names.stream().map(DirectoryNameV1::externalId).toArray(String[]::new))
                .addArrayOfString(texts(names, before, "display_name"))
                .addArrayOfString(texts(names, before, "user_type"))
                .addArrayOfOffsetDateTime(names.stream()
                        .map(name -> before.get(name.userId()))
                        .map(row -> row == null ? null : row.getOffsetDateTime("created_at"))
                        .toArray(OffsetDateTime[]::new));
    }

    private static String[] texts(List<DirectoryNameV1> names, Map<UUID, Row> before, String column) {
        return names.stream()
                .map(name -> before.get(name.userId()))
                .map(row -> row == null ? null : row.getString(column))
                .toArray(String[]::new);
    }

    private static Uni<Times> write(SqlConnection transaction, String sql, UUID userId, Person person) {
        return transaction
                .preparedQuery(sql)
                .execute(Tuple.of(
                        userId,
                        person.userName(),
                        UserNames.key(person.userName()),
                        person.externalId(),
                        person.displayName(),
                        person.userType()))
                .map(People::times)
                .onFailure(People::nameTaken)
                .transform(failure -> new NameTaken());
    }

    static Times times(RowSet<Row> rows) {
        Row row = rows.iterator().next();
        return new Times(
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("changed_at").toInstant());
    }

    private static boolean nameTaken(Throwable failure) {
        return failure instanceof PgException answer && UNIQUE_VIOLATION.equals(answer.getSqlState());
    }

    /** When a person came, and when it last changed. */
    record Times(Instant createdAt, Instant changedAt) {}

    /** Another user has the name. Ends the transaction, and goes no further than {@link Directory}. */
    static final class NameTaken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NameTaken() {
            super("the user name is taken", null, false, false);
        }
    }
}
