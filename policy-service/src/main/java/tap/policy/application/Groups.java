package tap.policy.application;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import tap.eventsourcing.Appended;
import tap.eventsourcing.BulkCommands;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.EventStore;
import tap.eventsourcing.Handled;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.Unavailable;
import tap.policy.application.People.Times;
import tap.policy.domain.Group;
import tap.policy.domain.GroupCommand;
import tap.policy.domain.GroupCommand.JoinGroup;
import tap.policy.domain.GroupCommand.LeaveGroup;
import tap.policy.domain.GroupCommand.ProvisionGroup;
import tap.policy.domain.GroupCommand.RemoveGroup;
import tap.policy.domain.GroupDecider;
import tap.policy.domain.GroupEvent;
import tap.policy.domain.GroupRejection;
import tap.policy.domain.Nesting;
import tap.policy.domain.User;
import tap.policy.domain.UserCommand;
import tap.policy.domain.UserCommand.ChangeGroups;
import tap.policy.domain.UserDecider;
import tap.policy.domain.UserEvent;
import tap.policy.domain.UserRejection;
import tap.policy.publishing.StoredGroup;
import tap.policy.publishing.StoredUser;

/**
 * Changes of groups. Who is in a group is said by the streams of its members, so a change of members is a bulk of commands to them: all
 * in one transaction, all or none, whatever their number.
 *
 * <p>Against each other: whoever adds members holds the group's head shared, whoever removes the group holds it alone; whoever nests
 * groups also holds the one row of {@code nesting}, because two nestings, each without a cycle, can make one together.
 */
@Singleton
public class Groups {
    // 50,000 members leave at about 10,000 a second; nobody waits longer for a group
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String SHARE = "SELECT 1 FROM head WHERE stream_id = $1 AND NOT ended FOR SHARE";

    private static final String KINDS = """
            SELECT stream_id, state ? 'profile' AS is_user FROM head WHERE stream_id = ANY ($1) AND NOT ended""";

    private static final String MEMBERS = """
            SELECT stream_id, true AS is_user FROM head WHERE state -> 'groupIds' ? $1 AND NOT ended
            UNION ALL
            SELECT stream_id, false FROM head WHERE state -> 'parentGroupIds' ? $1 AND NOT ended""";

    private static final String NEST = "SELECT 1 FROM nesting FOR UPDATE";

    // $3: one level more than are allowed is enough to know
    private static final String NESTING = """
            WITH RECURSIVE above(id, level) AS (
              SELECT $1::text, 0
              UNION SELECT p.id, a.level + 1 FROM above a JOIN head h ON h.stream_id = a.id AND NOT h.ended,
                jsonb_array_elements_text(h.state -> 'parentGroupIds') p(id) WHERE a.level < $3),
            below(child, id, level) AS (
              SELECT c, c, 0 FROM unnest($2::text[]) c
              UNION SELECT b.child, h.stream_id, b.level + 1 FROM below b
                JOIN head h ON h.state -> 'parentGroupIds' ? b.id AND NOT h.ended WHERE b.level < $3)
            SELECT b.child, max(b.level) AS levels_below, (SELECT max(level) FROM above) AS levels_above,
              (SELECT array_agg(DISTINCT id) FROM above) AS above
              FROM below b GROUP BY b.child""";

    private final CommandHandler<GroupCommand, Group, GroupEvent, GroupRejection> groups;
    private final BulkCommands<GroupCommand, Group, GroupEvent, GroupRejection> nested;
    private final BulkCommands<UserCommand, User, UserEvent, UserRejection> users;
    private final EventStore store;
    private final Pool pool;

    Groups(CommandHandler<GroupCommand, Group, GroupEvent, GroupRejection> groups, EventStore store, Pool pool) {
        this.groups = groups;
        this.nested = new BulkCommands<>(store, new GroupDecider(), StoredGroup.EVENTS, StoredGroup.HEAD);
        this.users = new BulkCommands<>(store, new UserDecider(), StoredUser.EVENTS, StoredUser.HEAD);
        this.store = store;
        this.pool = pool;
    }

    /** Brings a new group in, with its members. */
    public Uni<Outcome> provision(UUID groupId, GroupName name, Set<UUID> members, Metadata metadata) {
        GroupChange change = GroupChange.replace(name, members);
        return inTransaction(transaction -> known(transaction, change)
                .flatMap(known -> groups.handleIn(
                                transaction,
                                StoredGroup.stream(groupId),
                                loaded -> new ProvisionGroup(groupId),
                                metadata)
                        .flatMap(handled -> switch (handled) {
                            case Handled.Accepted<Group, GroupEvent, GroupRejection> accepted ->
                                GroupNames.insert(transaction, groupId, name)
                                        .flatMap(times -> move(transaction, groupId, change, known, metadata)
                                                .map(moved -> effective(times, accepted.appended(), moved)));
                            case Handled.Rejected<Group, GroupEvent, GroupRejection> rejected ->
                                throw new Refusal(new Outcome.Refused(groupId, rejected.rejection()));
                        })));
    }

    /** Changes a group. */
    public Uni<Outcome> change(UUID groupId, GroupChange change, Metadata metadata) {
        return inTransaction(transaction -> known(transaction, change)
                .flatMap(known -> transaction
                        .preparedQuery(SHARE)
                        .execute(Tuple.of(StoredGroup.stream(groupId)))
                        .flatMap(rows -> {
                            if (rows.size() == 0) {
                                throw new Refusal(new Outcome.Refused(groupId, GroupRejection.NOT_IN_DIRECTORY));
                            }
                            return move(transaction, groupId, change, known, metadata);
                        })
                        .flatMap(moved -> named(transaction, groupId, change).map(times -> effective(times, moved)))));
    }

    /** Takes a group out; its members stay, and are in it no more. */
    public Uni<Outcome> remove(UUID groupId, Metadata metadata) {
        return inTransaction(transaction -> nesting(transaction)
                .flatMap(locked -> groups.handleIn(
                        transaction, StoredGroup.stream(groupId), loaded -> new RemoveGroup(), metadata))
                .flatMap(handled -> switch (handled) {
                    case Handled.Accepted<Group, GroupEvent, GroupRejection> accepted ->
                        members(transaction, groupId)
                                .flatMap(members -> leave(transaction, groupId, members, metadata))
                                .flatMap(moved -> GroupNames.delete(transaction, groupId)
                                        .map(times -> effective(times, accepted.appended(), moved)));
                    case Handled.Rejected<Group, GroupEvent, GroupRejection> rejected ->
                        throw new Refusal(new Outcome.Refused(groupId, rejected.rejection()));
                }));
    }

    // A refusal ends the transaction, which may have written by then.
    private Uni<Outcome> inTransaction(Function<SqlConnection, Uni<Outcome>> work) {
        return pool.withTransaction(work)
                .ifNoItem()
                .after(PATIENCE)
                .failWith(() -> new Unavailable("a change of a group was given up", Duration.ofSeconds(5), null))
                .invoke(store::committed)
                .onFailure(Refusal.class)
                .recoverWithItem(refusal -> refusal.outcome);
    }

    private Uni<Times> named(SqlConnection transaction, UUID groupId, GroupChange change) {
        GroupName name = change.name();
        return name == null ? GroupNames.touch(transaction, groupId) : GroupNames.update(transaction, groupId, name);
    }

    // Before any group's head is held, so that changes of nested groups wait here and not for one another.
    private static Uni<Members> known(SqlConnection transaction, GroupChange change) {
        return kinds(transaction, change.named()).flatMap(known -> {
            Set<UUID> there = known.ids();
            for (UUID id : change.join()) {
                if (!there.contains(id)) {
                    throw new Refusal(new Outcome.MemberUnknown(id));
                }
            }
            return change.everybodyElseLeaves() || !known.groups.isEmpty()
                    ? nesting(transaction).replaceWith(known)
                    : Uni.createFrom().item(known);
        });
    }

    private static Uni<Void> nesting(SqlConnection transaction) {
        return transaction.query(NEST).execute().replaceWithVoid();
    }

    private Uni<List<Appended>> move(
            SqlConnection transaction, UUID groupId, GroupChange change, Members known, Metadata metadata) {
        Uni<Members> leaving = change.everybodyElseLeaves()
                ? members(transaction, groupId).map(members -> members.without(change.join()))
                : Uni.createFrom().item(known.only(change.leave()));
        return leaving.flatMap(leavers -> leave(transaction, groupId, leavers, metadata))
                .flatMap(left -> join(transaction, groupId, known.only(change.join()), metadata)
                        .invoke(joined -> joined.addAll(left)));
    }

    private Uni<List<Appended>> leave(SqlConnection transaction, UUID groupId, Members members, Metadata metadata) {
        ChangeGroups ofUser = new ChangeGroups(Set.of(), Set.of(groupId));
        LeaveGroup ofGroup = new LeaveGroup(groupId);
        return changed(transaction, members.users, ofUser, metadata)
                .flatMap(users -> inChunks(
                                members.groups,
                                some -> nested.handle(
                                                transaction, some, loaded -> Optional.of(ofGroup), stream -> metadata)
                                        .map(Groups::ofGroups))
                        .invoke(all -> all.addAll(users)));
    }

    private Uni<List<Appended>> join(SqlConnection transaction, UUID groupId, Members members, Metadata metadata) {
        ChangeGroups ofUser = new ChangeGroups(Set.of(groupId), Set.of());
        return changed(transaction, members.users, ofUser, metadata)
                .flatMap(users -> inChunks(members.groups, some -> nest(transaction, groupId, some, metadata))
                        .invoke(all -> all.addAll(users)));
    }

    private Uni<List<Appended>> changed(
            SqlConnection transaction, List<String> streams, ChangeGroups command, Metadata metadata) {
        return inChunks(
                streams,
                some -> users.handle(transaction, some, loaded -> Optional.of(command), stream -> metadata)
                        .map(Groups::ofUsers));
    }

    private Uni<Appended> nest(SqlConnection transaction, UUID groupId, List<String> children, Metadata metadata) {
        return transaction
                .preparedQuery(NESTING)
                .execute(Tuple.of(
                        StoredGroup.stream(groupId), children.toArray(String[]::new), GroupDecider.MOST_LEVELS))
                .map(Groups::nestings)
                .flatMap(nestings -> nested.handle(
                        transaction,
                        children,
                        loaded -> Optional.of(
                                new JoinGroup(groupId, nestings.getOrDefault(loaded.streamId(), Nesting.NONE))),
                        stream -> metadata))
                .map(Groups::ofGroups);
    }

    private static Map<String, Nesting> nestings(RowSet<Row> rows) {
        Map<String, Nesting> nestings = new HashMap<>();
        for (Row row : rows) {
            Set<UUID> above = new HashSet<>();
            for (String id : row.getArrayOfStrings("above")) {
                above.add(UUID.fromString(id));
            }
            nestings.put(
                    row.getString("child"),
                    new Nesting(above, row.getInteger("levels_above"), row.getInteger("levels_below")));
        }
        return nestings;
    }

    private static Uni<List<Appended>> inChunks(List<String> streams, Function<List<String>, Uni<Appended>> work) {
        return Multi.createFrom()
                .iterable(streams)
                .group()
                .intoLists()
                .of(EventStore.MOST_STREAMS)
                .onItem()
                .transformToUniAndConcatenate(work::apply)
                .collect()
                .in(ArrayList::new, (all, one) -> {
                    if (!one.eventIds().isEmpty()) {
                        all.add(one);
                    }
                });
    }

    private static Appended ofUsers(BulkCommands.Outcome<UserRejection> outcome) {
        return switch (outcome) {
            case BulkCommands.Outcome.Accepted<UserRejection> accepted -> accepted.appended();
            case BulkCommands.Outcome.Rejected<UserRejection> rejected -> {
                UUID member = UUID.fromString(rejected.streamId());
                throw new Refusal(
                        switch (rejected.rejection()) {
                            case TOO_MANY_GROUPS -> new Outcome.Refused(member, GroupRejection.TOO_MANY_GROUPS);
                            case NOT_IN_DIRECTORY, ALREADY_KNOWN -> new Outcome.MemberUnknown(member);
                        });
            }
        };
    }

    private static Appended ofGroups(BulkCommands.Outcome<GroupRejection> outcome) {
        return switch (outcome) {
            case BulkCommands.Outcome.Accepted<GroupRejection> accepted -> accepted.appended();
            case BulkCommands.Outcome.Rejected<GroupRejection> rejected -> {
                UUID member = UUID.fromString(rejected.streamId());
                throw new Refusal(
                        rejected.rejection() == GroupRejection.NOT_IN_DIRECTORY
                                ? new Outcome.MemberUnknown(member)
                                : new Outcome.Refused(member, rejected.rejection()));
            }
        };
    }

    private static Uni<Members> kinds(SqlConnection transaction, Collection<UUID> ids) {
        return ids.isEmpty()
                ? Uni.createFrom().item(new Members(List.of(), List.of()))
                : transaction
                        .preparedQuery(KINDS)
                        .execute(Tuple.tuple().addArrayOfString(strings(ids)))
                        .map(Members::of);
    }

    private static Uni<Members> members(SqlConnection transaction, UUID groupId) {
        return transaction
                .preparedQuery(MEMBERS)
                .execute(Tuple.of(StoredGroup.stream(groupId)))
                .map(Members::of);
    }

    private static String[] strings(Collection<UUID> ids) {
        return ids.stream().map(UUID::toString).toArray(String[]::new);
    }

    private static Outcome effective(Times times, Appended own, List<Appended> ofMembers) {
        List<Appended> all = new ArrayList<>(ofMembers);
        all.add(own);
        return effective(times, all);
    }

    private static Outcome effective(Times times, List<Appended> all) {
        return new Outcome.Effective(times.createdAt(), times.changedAt(), all);
    }

    /** Stream ids of users and of groups. */
    private record Members(List<String> users, List<String> groups) {
        static Members of(RowSet<Row> rows) {
            List<String> users = new ArrayList<>();
            List<String> groups = new ArrayList<>();
            rows.forEach(row -> (row.getBoolean("is_user") ? users : groups).add(row.getString("stream_id")));
            return new Members(users, groups);
        }

        Set<UUID> ids() {
            return Stream.concat(users.stream(), groups.stream())
                    .map(UUID::fromString)
                    .collect(Collectors.toSet());
        }

        Members only(Set<UUID> ids) {
            return where(ids::contains);
        }

        Members without(Set<UUID> ids) {
            return where(id -> !ids.contains(id));
        }

        private Members where(Predicate<UUID> wanted) {
            return new Members(
                    users.stream()
                            .filter(id -> wanted.test(UUID.fromString(id)))
                            .toList(),
                    groups.stream()
                            .filter(id -> wanted.test(UUID.fromString(id)))
                            .toList());
        }
    }

    /** What became of a change. */
    public sealed interface Outcome {
        /**
         * It is so.
         *
         * @param createdAt when the group came
         * @param changedAt when it last changed
         * @param appended where its events are
         */
        record Effective(Instant createdAt, Instant changedAt, List<Appended> appended) implements Outcome {
            /** Copies the list. */
            public Effective {
                appended = List.copyOf(appended);
            }
        }

        /** Somebody who should join is not in the directory; nothing changed. */
        record MemberUnknown(UUID memberId) implements Outcome {}

        /**
         * Nothing changed.
         *
         * @param id the group, or the member that cannot join
         */
        record Refused(UUID id, GroupRejection rejection) implements Outcome {}
    }

    /** Ends the transaction, and goes no further than here. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        // an outcome is a value, and no exception of this kind is ever serialised
        private final transient Outcome outcome;

        Refusal(Outcome outcome) {
            super("refused", null, false, false);
            this.outcome = outcome;
        }
    }
}
