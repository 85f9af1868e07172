package tap.redemption.application;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import tap.contract.ContractJson;
import tap.contract.PassIssuedV1;
import tap.contract.Topics;
import tap.eventsourcing.BulkCommands;
import tap.eventsourcing.EventStore;
import tap.eventsourcing.Ids;
import tap.eventsourcing.Message;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.NotApplicable;
import tap.eventsourcing.SealedPart;
import tap.eventsourcing.restore.Aggregate;
import tap.eventsourcing.restore.Restore;
import tap.eventsourcing.restore.RestoreException;
import tap.eventsourcing.topics.CloudEventRecords;
import tap.eventsourcing.topics.RecordsToEnd;
import tap.redemption.domain.Allowance;
import tap.redemption.domain.AllowanceCommand;
import tap.redemption.domain.AllowanceCommand.Refuse;
import tap.redemption.domain.AllowanceCommand.Withdraw;
import tap.redemption.domain.AllowanceDecider;
import tap.redemption.domain.AllowanceEvent;
import tap.redemption.domain.AllowanceRejection;
import tap.redemption.domain.RefusalReason;
import tap.redemption.publishing.RedemptionsPublication;
import tap.redemption.publishing.StoredAllowance;

/**
 * Brings the allowances back from {@code tap.redemptions}, and their verifiers from {@code tap.pass-credentials}. What was used and
 * never published is in neither: so every pass that was issued and is not known here is refused, and every open one withdrawn, in the
 * transaction in which this database becomes complete. No use is ever given back.
 */
final class AllowanceRestore {
    private static final Logger LOG = Logger.getLogger(AllowanceRestore.class);
    private static final AllowanceDecider RULES = new AllowanceDecider();

    private static final String UNKNOWN = """
            SELECT p.stream_id FROM unnest($1::text[]) p(stream_id)
             WHERE NOT EXISTS (SELECT FROM event e WHERE e.stream_id = p.stream_id AND e.version = 1)""";

    private static final String NOT_ENDED =
            "SELECT stream_id FROM head WHERE NOT ended AND stream_id > $1 ORDER BY stream_id LIMIT $2";

    private final String bootstrapServers;
    private final String prefix;
    private final Pool pool;
    private final BulkCommands<AllowanceCommand, Allowance, AllowanceEvent, AllowanceRejection> allowances;
    private final String run = Ids.next().toString();
    private final Map<String, Issued> unknown = new HashMap<>();

    AllowanceRestore(RedemptionServiceConfig config, Pool pool, EventStore store) {
        this.bootstrapServers = config.kafka().bootstrapServers();
        this.prefix = config.topicPrefix().orElse("");
        this.pool = pool;
        this.allowances = new BulkCommands<>(store, RULES, StoredAllowance.EVENTS, StoredAllowance.HEAD);
    }

    /**
     * Restores, and returns when this database is complete. Blocks.
     *
     * @param nothingIsMissing the operator's word that backup and topics hold every commit: nothing is refused or withdrawn
     * @throws RestoreException if it is impossible
     */
    void run(boolean nothingIsMissing) {
        Restore restore = new Restore(
                bootstrapServers,
                pool,
                new RedemptionsPublication(prefix),
                List.of(Topics.REDEMPTIONS.name()),
                prefix,
                type -> new Aggregate<>(RULES, StoredAllowance.EVENTS, StoredAllowance.HEAD));
        restore.begin();
        readCredentials();
        Restore.Restored restored = restore.run(
                this::verifier,
                nothingIsMissing ? Restore.Completion.NOTHING : (transaction, streams) -> close(transaction));
        LOG.infof("restore: complete; %d events of %d allowances were missing", restored.events(), restored.streams());
    }

    private void readCredentials() {
        String topic = prefix + Topics.PASS_CREDENTIALS.name();
        try (RecordsToEnd records =
                new RecordsToEnd(bootstrapServers, List.of(topic), RecordsToEnd.Start.BEGINNING, "restore: " + topic)) {
            while (records.more()) {
                Map<String, Issued> issued = new HashMap<>();
                records.next().forEach(published -> {
                    try {
                        Message message = CloudEventRecords.message(published, prefix);
                        issued(message).ifPresent(pass -> issued.put(StoredAllowance.stream(pass.passId), pass));
                    } catch (NotApplicable parked) {
                        LOG.warnf(
                                "restore: passed over %s/%d, which no follower could apply either: %s",
                                topic, published.offset(), parked.getMessage());
                    }
                });
                issued.keySet().retainAll(unknown(issued.keySet()));
                unknown.putAll(issued);
            }
        }
        LOG.infof("restore: %s read; this database knows nothing of %d of its passes", topic, unknown.size());
    }

    private static Optional<Issued> issued(Message message) {
        return switch (message.type()) {
            case "pass-issued.v1" -> {
                try {
                    PassIssuedV1 issued = ContractJson.mapper().readValue(message.payload(), PassIssuedV1.class);
                    yield Optional.of(new Issued(
                            issued.userId(),
                            issued.passId(),
                            message.sealed(),
                            message.metadata().correlationId(),
                            message.eventId()));
                } catch (JsonProcessingException e) {
                    throw new NotApplicable("it is not what its schema says", e);
                }
            }
            case "pass-revoked.v1" -> Optional.empty();
            default ->
                throw new RestoreException("the passes have an event that this build does not know (" + message.type()
                        + "): use a newer one");
        };
    }

    private Set<String> unknown(Set<String> streams) {
        Set<String> unknown = new HashSet<>();
        pool.preparedQuery(UNKNOWN)
                .execute(Tuple.tuple().addArrayOfString(streams.toArray(String[]::new)))
                .await()
                .indefinitely()
                .forEach(row -> unknown.add(row.getString("stream_id")));
        return unknown;
    }

    // What tap.redemptions may not carry.
    private @Nullable SealedPart verifier(Message own) {
        Issued issued = unknown.get(own.streamId());
        return issued != null && own.type().equals("pass-admitted.v1") ? issued.verifier : null;
    }

    private Uni<Void> close(SqlConnection transaction) {
        return refuseUnknown(transaction)
                .invoke(refused -> LOG.infof("restore: refused %d passes that nobody knows here", refused))
                .chain(() -> withdrawOpen(transaction, "", 0))
                .invoke(withdrawn -> LOG.infof("restore: withdrew %d open passes", withdrawn))
                .replaceWithVoid();
    }

    private Uni<Integer> refuseUnknown(SqlConnection transaction) {
        List<String> streams = new ArrayList<>(unknown.keySet());
        return Multi.createFrom()
                .iterable(streams)
                .group()
                .intoLists()
                .of(EventStore.MOST_STREAMS)
                .onItem()
                .transformToUniAndConcatenate(some -> allowances
                        .handle(
                                transaction,
                                some,
                                loaded -> Optional.ofNullable(unknown.get(loaded.streamId()))
                                        .map(pass -> new Refuse(
                                                pass.userId, pass.passId, RefusalReason.RESTORED, loaded.now())),
                                stream -> Optional.ofNullable(unknown.get(stream))
                                        .map(pass -> new Metadata(
                                                RedemptionsPublication.SERVICE,
                                                pass.correlationId,
                                                pass.eventId.toString()))
                                        .orElseThrow())
                        .map(AllowanceRestore::moved))
                .collect()
                .with(java.util.stream.Collectors.summingInt(Integer::intValue));
    }

    private Uni<Integer> withdrawOpen(SqlConnection transaction, String after, int before) {
        return transaction
                .preparedQuery(NOT_ENDED)
                .execute(Tuple.of(after, EventStore.MOST_STREAMS))
                .flatMap(rows -> {
                    List<String> streams = new ArrayList<>();
                    for (Row row : rows) {
                        streams.add(row.getString("stream_id"));
                    }
                    return allowances
                            .handle(
                                    transaction,
                                    streams,
                                    loaded -> ifOpen(loaded.state(), loaded.now()),
                                    stream -> new Metadata(RedemptionsPublication.SERVICE, run, null))
                            .map(AllowanceRestore::moved)
                            .flatMap(withdrawn -> streams.size() < EventStore.MOST_STREAMS
                                    ? Uni.createFrom().item(before + withdrawn)
                                    : withdrawOpen(transaction, streams.getLast(), before + withdrawn));
                });
    }

    private static int moved(BulkCommands.Outcome<AllowanceRejection> outcome) {
        return switch (outcome) {
            case BulkCommands.Outcome.Accepted<AllowanceRejection> accepted -> accepted.streams();
            case BulkCommands.Outcome.Rejected<AllowanceRejection> rejected ->
                throw new IllegalStateException("stream " + rejected.streamId() + ": " + rejected.rejection());
        };
    }

    private static Optional<AllowanceCommand> ifOpen(Allowance allowance, java.time.Instant now) {
        return switch (allowance) {
            case Allowance.Open open ->
                Optional.of(new Withdraw(open.pass().userId(), open.pass().passId(), now));
            case Allowance.Locked locked -> Optional.of(new Withdraw(locked.userId(), locked.passId(), now));
            case Allowance.NotAdmitted unknown -> Optional.empty();
            case Allowance.Spent spent -> Optional.empty();
            case Allowance.Expired expired -> Optional.empty();
            case Allowance.Refused refused -> Optional.empty();
            case Allowance.Withdrawn withdrawn -> Optional.empty();
        };
    }

    // The sealed part is opaque here: it stays under its seal.
    private record Issued(
            UUID userId, UUID passId, @Nullable SealedPart verifier, String correlationId, UUID eventId) {}
}
