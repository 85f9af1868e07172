package tap.policy.projections.pendingchanges;

import java.util.ArrayList;
import java.util.List;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.confirmation.Confirmation;
import tap.eventsourcing.projections.Projection;
import tap.policy.publishing.StoredPolicy;

/** Follows the log: every event is pending in each place that it is published to, until a look finds it passed. */
public final class PendingChangesProjection implements Projection {
    /** The cursor's name. */
    public static final String NAME = "pending-changes";

    static final String POLICY = "policyChange";
    static final String USER = "userChange";
    static final String GROUP = "groupChange";

    private static final String ADD = """
            INSERT INTO pending_change (event_id, place, kind, stream_id, seq, xid, since)
            SELECT e.event_id, n.place, n.kind, e.stream_id, e.seq, e.xid, e.occurred_at
              FROM unnest($1::bigint[], $2::text[], $3::text[]) n(seq, place, kind) JOIN event e USING (seq)
            ON CONFLICT DO NOTHING""";

    private final Confirmation confirmation;

    /** @param confirmation knows where events go */
    public PendingChangesProjection(Confirmation confirmation) {
        this.confirmation = confirmation;
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<StoredEvent> batch) {
        List<Long> seqs = new ArrayList<>();
        List<String> places = new ArrayList<>();
        List<String> kinds = new ArrayList<>();
        for (StoredEvent event : batch) {
            for (String place : confirmation.places(event)) {
                seqs.add(event.seq());
                places.add(place);
                kinds.add(kind(event));
            }
        }
        return transaction
                .preparedQuery(ADD)
                .execute(Tuple.tuple()
                        .addArrayOfLong(seqs.toArray(Long[]::new))
                        .addArrayOfString(places.toArray(String[]::new))
                        .addArrayOfString(kinds.toArray(String[]::new)))
                .replaceWithVoid();
    }

    private static String kind(StoredEvent event) {
        if (event.streamId().equals(StoredPolicy.STREAM)) {
            return POLICY;
        }
        return event.written().type().startsWith("group-") ? GROUP : USER;
    }
}
