package tap.redemption.projections.openallowances;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.projections.Projection;
import tap.redemption.domain.AllowanceEvent;
import tap.redemption.publishing.StoredAllowance;

/** Follows the log: an admission adds a row, whatever ends the allowance removes it. */
public final class OpenAllowancesProjection implements Projection {
    /** The cursor's name. */
    public static final String NAME = "open-allowances";

    private static final String ADD = """
            INSERT INTO open_allowance (pass_id, ends_at) SELECT * FROM unnest($1::text[], $2::timestamptz[])
            ON CONFLICT (pass_id) DO UPDATE SET ends_at = excluded.ends_at""";

    private static final String REMOVE = "DELETE FROM open_allowance WHERE pass_id = ANY ($1::text[])";

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<StoredEvent> batch) {
        // what is last said of a stream in the batch: its end, or that it is over
        Map<String, Optional<Instant>> said = new LinkedHashMap<>();
        for (StoredEvent stored : batch) {
            switch (StoredAllowance.EVENTS.read(stored.written())) {
                case AllowanceEvent.PassAdmitted e ->
                    said.put(stored.streamId(), Optional.of(e.pass().endsAt()));
                case AllowanceEvent.PassRedeemed e -> {}
                case AllowanceEvent.TokenRevoked e -> {}
                case AllowanceEvent.PassSpent e -> said.put(stored.streamId(), Optional.empty());
                case AllowanceEvent.PassExpired e -> said.put(stored.streamId(), Optional.empty());
                case AllowanceEvent.PassLocked e -> said.put(stored.streamId(), Optional.empty());
                case AllowanceEvent.PassWithdrawn e -> said.put(stored.streamId(), Optional.empty());
                case AllowanceEvent.AdmissionRefused e -> said.put(stored.streamId(), Optional.empty());
            }
        }
        return add(transaction, said).chain(() -> remove(transaction, said));
    }

    private static Uni<Void> add(SqlConnection transaction, Map<String, Optional<Instant>> said) {
        var admitted = said.entrySet().stream()
                .filter(entry -> entry.getValue().isPresent())
                .toList();
        if (admitted.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return transaction
                .preparedQuery(ADD)
                .execute(Tuple.tuple()
                        .addArrayOfString(
                                admitted.stream().map(Map.Entry::getKey).toArray(String[]::new))
                        .addArrayOfOffsetDateTime(admitted.stream()
                                .map(entry -> entry.getValue().orElseThrow().atOffset(ZoneOffset.UTC))
                                .toArray(OffsetDateTime[]::new)))
                .replaceWithVoid();
    }

    private static Uni<Void> remove(SqlConnection transaction, Map<String, Optional<Instant>> said) {
        String[] over = said.entrySet().stream()
                .filter(entry -> entry.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toArray(String[]::new);
        return over.length == 0
                ? Uni.createFrom().voidItem()
                : transaction
                        .preparedQuery(REMOVE)
                        .execute(Tuple.tuple().addArrayOfString(over))
                        .replaceWithVoid();
    }
}
