package tap.pass.projections.past;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.EventCodec;
import tap.pass.domain.Allowance;
import tap.pass.domain.Explanation;
import tap.pass.domain.Explanation.Ending;
import tap.pass.domain.IssuedPass;
import tap.pass.domain.Pass;
import tap.pass.domain.PassCommand;
import tap.pass.domain.PassEvent;
import tap.pass.domain.PassRejection;
import tap.pass.domain.PolicyAndDirectory;
import tap.pass.projections.passdetails.PassDetails.ShownPass;
import tap.pass.publishing.StoredPass;

/** Asks what was known here of a user and of a pass at an earlier moment, and what a pass has lived through. */
@ApplicationScoped
public class PastQueries {
    /** The most events that one page of a history shows. */
    public static final int PAGE = 1_000;

    private static final String TERMS = """
            SELECT m.moment, tap_now() - interval '5 s' AS settled, t.*
              FROM (SELECT coalesce($2, tap_now()) AS moment) m, LATERAL tap_terms_at($1, m.moment) t""";

    private static final String ALLOWANCE = "SELECT * FROM tap_allowance_at($1, $2)";

    private static final String OF_PASS = """
            SELECT type, payload::text AS payload FROM event
             WHERE stream_id = $1 AND occurred_at <= $3 AND $2 IN (payload ->> 'passId', payload ->> 'replaces')
             ORDER BY version""";

    // in the order in which this service came to know it
    private static final String HISTORY = """
            SELECT e.*, coalesce((tap_received('policy-service', 'temporary-access-pass-policy', e.recorded_at)
                ->> 'revision')::bigint, 0) AS policy_revision
              FROM (
                SELECT 'pass-service' AS service, version, occurred_at AS recorded_at, actor, correlation_id, type,
                    payload::text AS payload
                  FROM event WHERE stream_id = $1 AND $2 IN (payload ->> 'passId', payload ->> 'replaces')
                UNION ALL
                SELECT source, version, received_at, NULL, NULL, NULL, payload::text
                  FROM received WHERE source = 'redemption-service' AND stream_id = $2
                    AND EXISTS (SELECT FROM event WHERE stream_id = $1 AND payload ->> 'passId' = $2)) e
             ORDER BY e.recorded_at, e.service, e.version OFFSET $3 LIMIT $4""";

    private final Pool pool;
    private final CommandHandler<PassCommand, Pass, PassEvent, PassRejection> passes;

    PastQueries(Pool pool, CommandHandler<PassCommand, Pass, PassEvent, PassRejection> passes) {
        this.pool = pool;
        this.passes = passes;
    }

    /**
     * What policy and directory said of a user.
     *
     * @param at when, in UTC; counted in microseconds
     * @param settled the last moment that is past
     */
    public record Terms(PolicyAndDirectory terms, Instant at, Instant settled) {}

    /** What they said at a moment, or now. */
    public Uni<Terms> terms(UUID userId, @Nullable Instant moment) {
        return one(TERMS, Tuple.of(userId, moment == null ? null : utc(moment)))
                .map(row -> new Terms(terms(row), instant(row, "moment"), instant(row, "settled")));
    }

    /** The pass as it would have been shown then. */
    public Uni<Optional<ShownPass>> shown(UUID userId, Terms then) {
        return passes.asOf(StoredPass.stream(userId), then.at()).flatMap(past -> switch (past.state()) {
            case Pass.NeverIssued never -> Uni.createFrom().item(Optional.<ShownPass>empty());
            case Pass.Issued issued -> shown(issued.pass(), false, then);
            case Pass.Revoked revoked -> shown(revoked.pass(), true, then);
        });
    }

    private Uni<Optional<ShownPass>> shown(IssuedPass pass, boolean revoked, Terms then) {
        return allowance(pass.passId(), then.at())
                .map(allowance ->
                        ShownPass.of(pass, revoked, allowance, then.terms().terms(), then.at()));
    }

    /** Why a pass was usable then or not, or nothing: the user had not been issued it. */
    public Uni<Optional<Explanation>> explanation(UUID userId, UUID passId, Terms then) {
        return many(OF_PASS, Tuple.of(StoredPass.stream(userId), passId.toString(), utc(then.at())))
                .map(rows -> rows.stream()
                        .map(row -> StoredPass.EVENTS.read(
                                new EventCodec.Written(row.getString("type"), row.getString("payload"), null)))
                        .toList())
                .flatMap(events -> issued(events, passId)
                        .map(pass -> allowance(passId, then.at())
                                .map(allowance -> Optional.of(Explanation.of(
                                        pass, ending(events, passId), allowance, then.terms(), then.at()))))
                        .orElseGet(() -> Uni.createFrom().item(Optional.empty())));
    }

    private static Optional<IssuedPass> issued(List<PassEvent> events, UUID passId) {
        return events.stream()
                .filter(PassEvent.PassIssued.class::isInstance)
                .map(event -> ((PassEvent.PassIssued) event).pass())
                .filter(pass -> pass.passId().equals(passId))
                .findFirst();
    }

    private static Ending ending(List<PassEvent> events, UUID passId) {
        Ending ending = new Ending(null, null);
        for (PassEvent event : events) {
            ending = switch (event) {
                case PassEvent.PassIssued issued ->
                    passId.equals(issued.replaces()) ? new Ending(issued.pass().passId(), ending.revoked()) : ending;
                case PassEvent.PassRevoked revoked -> new Ending(ending.replacedBy(), revoked.reason());
            };
        }
        return ending;
    }

    /**
     * What a pass has lived through, in the order in which it became known here; nothing if it is no pass of the user.
     *
     * @param after how many of the first events to leave out
     * @return up to {@link #PAGE} events, and one more if there are more
     */
    public Uni<List<PastEvent>> history(UUID userId, UUID passId, int after) {
        return many(HISTORY, Tuple.of(StoredPass.stream(userId), passId.toString(), after, PAGE + 1))
                .map(rows -> rows.stream().map(row -> PastEvent.of(row, passId)).toList());
    }

    private Uni<Allowance> allowance(UUID passId, Instant at) {
        return one(ALLOWANCE, Tuple.of(passId, utc(at))).map(row -> {
            OffsetDateTime lastUsed = row.getOffsetDateTime("last_used_at");
            return new Allowance(
                    row.getBoolean("admitted"),
                    row.getBoolean("refused"),
                    row.getInteger("uses"),
                    lastUsed == null ? null : lastUsed.toInstant(),
                    row.getBoolean("spent"),
                    row.getBoolean("expired"),
                    row.getBoolean("locked"),
                    row.getBoolean("withdrawn"));
        });
    }

    private static PolicyAndDirectory terms(Row row) {
        return new PolicyAndDirectory(
                row.getLong("revision"),
                row.getBoolean("enabled"),
                row.getBoolean("one_time_only"),
                row.getBoolean("known"),
                row.getBoolean("active"),
                row.getString("kind"),
                List.of(row.getArrayOfUUIDs("group_ids")),
                row.getBoolean("included"),
                row.getBoolean("excluded"),
                row.getBoolean("fenced"));
    }

    private Uni<Row> one(String sql, Tuple parameters) {
        return rows(sql, parameters).map(rows -> rows.iterator().next());
    }

    private Uni<List<Row>> many(String sql, Tuple parameters) {
        return rows(sql, parameters)
                .map(rows -> StreamSupport.stream(rows.spliterator(), false).toList());
    }

    private Uni<RowSet<Row>> rows(String sql, Tuple parameters) {
        return pool.preparedQuery(sql).execute(parameters);
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }
}
