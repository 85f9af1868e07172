package tap.policy.application;

import java.util.List;
import java.util.UUID;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import tap.contract.UserNames;
import tap.policy.application.People.Times;

/** The table {@code directory_group}: written in the transaction of the group's events, or alone where only the name changes. */
final class GroupNames {
    private static final String INSERT = """
            INSERT INTO directory_group (group_id, display_name, folded_display_name, external_id, created_at, changed_at)
            VALUES ($1, $2, $3, $4, tap_now(), tap_now()) RETURNING created_at, changed_at""";

    private static final String UPDATE = """
            UPDATE directory_group SET display_name = $2, folded_display_name = $3, external_id = $4, changed_at = tap_now()
            WHERE group_id = $1 RETURNING created_at, changed_at""";

    private static final String TOUCH =
            "UPDATE directory_group SET changed_at = tap_now() WHERE group_id = $1 RETURNING created_at, changed_at";

    private static final String DELETE =
            "DELETE FROM directory_group WHERE group_id = $1 RETURNING created_at, changed_at";

    private static final String FORGET = """
            DELETE FROM directory_group g USING head h
             WHERE h.stream_id = g.group_id::text AND h.ended AND g.group_id = ANY ($1)""";

    private static final String BRING_BACK = """
            INSERT INTO directory_group (group_id, display_name, folded_display_name, created_at, changed_at)
            SELECT h.stream_id::uuid, h.stream_id, h.stream_id, e.occurred_at, h.last_event_at
              FROM unnest($1::uuid[]) w(group_id)
              JOIN head h ON h.stream_id = w.group_id::text AND NOT h.ended AND h.state ? 'parentGroupIds'
              JOIN event e ON e.stream_id = h.stream_id AND e.version = 1
            ON CONFLICT DO NOTHING""";

    private GroupNames() {}

    static Uni<Times> insert(SqlConnection transaction, UUID groupId, GroupName name) {
        return write(transaction, INSERT, groupId, name);
    }

    static Uni<Times> update(SqlConnection transaction, UUID groupId, GroupName name) {
        return write(transaction, UPDATE, groupId, name);
    }

    /** Notes that the group's members changed. */
    static Uni<Times> touch(SqlConnection transaction, UUID groupId) {
        return transaction.preparedQuery(TOUCH).execute(Tuple.of(groupId)).map(People::times);
    }

    static Uni<Times> delete(SqlConnection transaction, UUID groupId) {
        return transaction.preparedQuery(DELETE).execute(Tuple.of(groupId)).map(People::times);
    }

    /**
     * Makes the rows fit the groups that are there after a restore. A name that the backup does not have was published nowhere: the id
     * stands in its place until the provisioning side says it again.
     *
     * @param changed the streams that events came back to
     * @return how many groups have lost their name
     */
    static Uni<Integer> restore(SqlConnection transaction, List<UUID> changed) {
        Tuple ids = Tuple.tuple().addArrayOfUUID(changed.toArray(UUID[]::new));
        return transaction
                .preparedQuery(FORGET)
                .execute(ids)
                .chain(() -> transaction.preparedQuery(BRING_BACK).execute(ids))
                .map(RowSet::rowCount);
    }

    private static Uni<Times> write(SqlConnection transaction, String sql, UUID groupId, GroupName name) {
        return transaction
                .preparedQuery(sql)
                .execute(Tuple.of(groupId, name.displayName(), UserNames.key(name.displayName()), name.externalId()))
                .map(People::times);
    }
}
