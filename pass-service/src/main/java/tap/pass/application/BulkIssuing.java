package tap.pass.application;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import tap.codes.Argon2PoolFull;
import tap.directory.UserKey;
import tap.eventsourcing.CallerContext;
import tap.eventsourcing.Ids;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.StoreFailures;
import tap.eventsourcing.Unavailable;
import tap.graph.access.Access;
import tap.graph.access.Caller;
import tap.graph.error.GraphError;
import tap.pass.application.PassCommands.IssueOutcome;
import tap.pass.domain.UserReference;

/** Issues many passes at a reader's pace, each as a single request would, all under one key (ADR 0021). */
@Singleton
public class BulkIssuing {
    /** The most bulks of a pod at once. */
    static final int MOST_AT_ONCE = 16;

    private static final Logger LOG = Logger.getLogger(BulkIssuing.class);
    /** How long a user is tried again while the store is away or busy; then the stream breaks off. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    // OFFSET 0 keeps the function from being asked more than once.
    private static final String BEGIN = """
            SELECT b.* FROM (SELECT $1 OR tap_caller_id($2, $3, $4) IS NOT NULL AS known OFFSET 0) c
              CROSS JOIN LATERAL tap_begin_bulk($5, c.known, $6, $7, $8, $9, $10) b""";

    private final PassCommands commands;
    private final Pool pool;
    private final AtomicInteger running = new AtomicInteger();

    BulkIssuing(PassCommands commands, Pool pool, MeterRegistry meters) {
        this.commands = commands;
        this.pool = pool;
        meters.gauge("tap.bulk.running", running);
    }

    /**
     * Issues as long as somebody reads.
     *
     * @param caller who may issue for somebody, as far as the token says
     * @return an item a user, in any order; fails before the first with {@code GraphException} if nothing is issued at all, and at any time with
     *     {@code Unavailable}: the rest can be had by the same key
     */
    public Multi<BulkOutcome> issue(Caller caller, BulkOrder order, Metadata metadata) {
        return Multi.createFrom().deferred(() -> {
            if (running.incrementAndGet() > MOST_AT_ONCE) {
                running.decrementAndGet();
                throw new Unavailable("as many bulks as one pod takes", Duration.ofSeconds(5), null);
            }
            UUID run = Ids.next();
            return begin(caller, order, metadata.actor(), run)
                    .onItem()
                    .transformToMulti(users -> issue(caller, users, order, metadata, run))
                    .onTermination()
                    .invoke(running::decrementAndGet);
        });
    }

    private Uni<List<String>> begin(Caller caller, BulkOrder order, String actor, UUID run) {
        UserKey callerKey = UserKey.of(caller.subject());
        RepeatableRequest request = order.repeatable(actor);
        Tuple parameters = Tuple.tuple()
                .addBoolean(caller instanceof Caller.Application)
                .addUUID(callerKey.id())
                .addString(caller.subject())
                .addString(callerKey.nameKey())
                .addString(actor)
                .addBuffer(request.keyHash())
                .addBuffer(request.contentHash())
                .addUUID(run)
                .addUUID(order.group())
                .addInteger(BulkOrder.MOST_USERS);
        return pool.preparedQuery(BEGIN).execute(parameters).map(rows -> {
            Row row = rows.iterator().next();
            refuse(row.getString("refused"), row, order);
            UUID[] members = row.getArrayOfUUIDs("members");
            return members == null
                    ? order.users()
                    : Arrays.stream(members).map(UUID::toString).toList();
        });
    }

    private static void refuse(@Nullable String reason, Row row, BulkOrder order) {
        if (reason == null) {
            return;
        }
        switch (reason) {
            case "callerUnknown" -> Access.CALLER_UNKNOWN.orRefuse();
            case "running" ->
                throw GraphError.tooManyRequests(Duration.ofMillis((long) (row.getDouble("wait") * 1_000)))
                        .detail("The caller has a bulk running. One at a time.")
                        .exception();
            case "otherRequest" ->
                throw GraphError.of(
                                409,
                                "conflict",
                                "The Idempotency-Key stands for another bulk of the last 24 hours. Repeat that request as"
                                        + " it was, or choose another key.")
                        .exception();
            case "groupUnknown" ->
                throw GraphError.userNotFound(String.valueOf(order.group())).exception();
            case "tooMany" ->
                throw GraphError.badRequest("The value of 'groupId' is not valid. Expected: a group of at most "
                                + BulkOrder.MOST_USERS + " users, not " + row.getInteger("size") + ".")
                        .exception();
            default -> throw new IllegalStateException("a bulk is refused as " + reason);
        }
    }

    private Multi<BulkOutcome> issue(Caller caller, List<String> users, BulkOrder order, Metadata metadata, UUID run) {
        ReaderPace reader = new ReaderPace(System::nanoTime);
        BulkTurn turn = new BulkTurn(pool, metadata.actor(), run, reader);
        Executor context = CallerContext.current();
        IssueOrder each = IssueOrder.ofBulk(order.request(), order.key(), order.keepsLivePass());
        AtomicInteger issued = new AtomicInteger();
        turn.keep();
        return BulkStream.of(
                        users,
                        user -> turn.held()
                                ? patiently(caller, user, each, metadata, context)
                                : Uni.createFrom()
                                        .failure(new Unavailable(
                                                "the turn of a bulk was lost", Duration.ofSeconds(1), null)))
                .onRequest()
                .invoke(reader::asked)
                .onItem()
                .invoke(outcome -> {
                    reader.handedOver();
                    if (outcome.issued()) {
                        issued.incrementAndGet();
                    }
                })
                .onTermination()
                .call((failure, cancelled) -> {
                    LOG.infof(
                            "bulk %s of administrator %s %s: %d passes for %d users",
                            run,
                            metadata.actor(),
                            failure != null
                                    ? "broke off (" + failure.getMessage() + ")"
                                    : cancelled ? "was left by its reader" : "ended",
                            issued.get(),
                            users.size());
                    return turn.end();
                });
    }

    // No line says that the service was busy: it waits, on this context, and the other users' work with it.
    private Uni<Uni<BulkOutcome>> patiently(
            Caller caller, String user, IssueOrder order, Metadata metadata, Executor context) {
        return attempt(
                caller,
                new UserReference(user, caller.subject()),
                order,
                metadata,
                context,
                System.nanoTime() + PATIENCE.toNanos(),
                FIRST_PAUSE);
    }

    private Uni<Uni<BulkOutcome>> attempt(
            Caller caller,
            UserReference user,
            IssueOrder order,
            Metadata metadata,
            Executor context,
            long deadline,
            Duration pause) {
        String key = String.valueOf(user.named());
        return Uni.createFrom()
                .deferred(() -> commands.decided(caller, user, order, metadata))
                .map(answer -> answer.map(outcome -> new BulkOutcome(key, outcome, null)))
                .onFailure(failure -> passes(failure) && System.nanoTime() < deadline)
                .recoverWithUni(() -> Uni.createFrom()
                        .voidItem()
                        .onItem()
                        .delayIt()
                        .by(pause)
                        .emitOn(context)
                        .chain(() -> attempt(caller, user, order, metadata, context, deadline, longer(pause))))
                .onFailure(failure -> !passes(failure))
                .recoverWithItem(failure -> Uni.createFrom().item(new BulkOutcome(key, null, failure)));
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    private static boolean passes(Throwable failure) {
        return failure instanceof Unavailable || failure instanceof Argon2PoolFull || StoreFailures.passes(failure);
    }

    /**
     * What became of one user's pass.
     *
     * @param user as the request names the user; of a group the id
     * @param outcome or {@code null}: it failed
     * @param failure what a single request would have failed with, or {@code null}
     */
    public record BulkOutcome(
            String user,
            @Nullable IssueOutcome outcome,
            @Nullable Throwable failure) {
        boolean issued() {
            return outcome instanceof IssueOutcome.Issued;
        }
    }
}
