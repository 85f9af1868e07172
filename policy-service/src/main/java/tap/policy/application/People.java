package tap.policy.application;

import java.time.Instant;
import java.util.UUID;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
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

    private static Times times(RowSet<Row> rows) {
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
