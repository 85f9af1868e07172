package tap.policy.application;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.Appended;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.EventStore;
import tap.eventsourcing.Handled;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.Unavailable;
import tap.eventsourcing.confirmation.Confirmation;
import tap.eventsourcing.confirmation.ConfirmationTimes;
import tap.policy.domain.User;
import tap.policy.domain.UserCommand;
import tap.policy.domain.UserCommand.ChangeUser;
import tap.policy.domain.UserCommand.ProvisionUser;
import tap.policy.domain.UserCommand.RemoveUser;
import tap.policy.domain.UserEvent;
import tap.policy.domain.UserProfile;
import tap.policy.domain.UserRejection;
import tap.policy.publishing.StoredUser;

/**
 * Changes of users. The event and the names are one transaction: the relay publishes the names with the event, so neither may be seen
 * without the other.
 */
@Singleton
public class Directory {
    private final CommandHandler<UserCommand, User, UserEvent, UserRejection> users;
    private final EventStore store;
    private final Pool pool;
    private final Confirmation confirmation;
    private final ConfirmationTimes times;
    private final PolicyServiceConfig config;

    Directory(
            CommandHandler<UserCommand, User, UserEvent, UserRejection> users,
            EventStore store,
            Pool pool,
            Confirmation confirmation,
            PolicyServiceConfig config,
            MeterRegistry meters) {
        this.users = users;
        this.store = store;
        this.pool = pool;
        this.confirmation = confirmation;
        this.times = new ConfirmationTimes("directory", meters);
        this.config = config;
    }

    /** Brings a new user in. */
    public Uni<Outcome> provision(UserProfile profile, Person person, Metadata metadata) {
        return change(
                profile.userId(),
                new ProvisionUser(profile),
                transaction -> People.insert(transaction, profile.userId(), person),
                metadata);
    }

    /** Takes over what is now said of a user, names included. */
    public Uni<Outcome> replace(UserProfile profile, Person person, Metadata metadata) {
        return change(
                profile.userId(),
                new ChangeUser(profile),
                transaction -> People.update(transaction, profile.userId(), person),
                metadata);
    }

    /** Takes a user out, names first of all. */
    public Uni<Outcome> remove(UUID userId, Metadata metadata) {
        return change(
                userId,
                new RemoveUser(),
                transaction ->
                        People.delete(transaction, userId).replaceWith(new People.Times(Instant.EPOCH, Instant.EPOCH)),
                metadata);
    }

    private Uni<Outcome> change(
            UUID userId, UserCommand command, Function<SqlConnection, Uni<People.Times>> names, Metadata metadata) {
        return pool.withTransaction(transaction -> users.handleIn(
                                transaction, StoredUser.stream(userId), loaded -> command, metadata)
                        .flatMap(handled -> switch (handled) {
                            case Handled.Accepted<User, UserEvent, UserRejection> accepted ->
                                names.apply(transaction).map(times -> new Written(accepted.appended(), times, null));
                            case Handled.Rejected<User, UserEvent, UserRejection> rejected ->
                                Uni.createFrom().item(new Written(Appended.NOTHING, null, rejected.rejection()));
                        }))
                .ifNoItem()
                .after(CommandHandler.PATIENCE)
                .failWith(() -> new Unavailable("a change of a user was given up", Duration.ofSeconds(1), null))
                .map(this::outcome)
                .onFailure(People.NameTaken.class)
                .recoverWithItem(new Outcome.NameTaken());
    }

    private Outcome outcome(Written written) {
        UserRejection rejection = written.rejection;
        if (rejection != null) {
            return new Outcome.Refused(rejection);
        }
        store.committed();
        People.Times person = Objects.requireNonNull(written.times);
        return new Outcome.Effective(person.createdAt(), person.changedAt(), written.appended);
    }

    /** Waits until all these changes are effective: issuing and redeeming obey them. False if that is not known in time. */
    public Uni<Boolean> effective(List<Appended> changes) {
        return Multi.createFrom()
                .iterable(changes)
                .onItem()
                .transformToUniAndMerge(change ->
                        confirmation.confirmed(change, config.confirmation().timeout()))
                .collect()
                .with(Collectors.reducing(true, Boolean::logicalAnd))
                .plug(times::timed);
    }

    private record Written(
            Appended appended,
            People.@Nullable Times times,
            @Nullable UserRejection rejection) {}

    /** What became of a change. */
    public sealed interface Outcome {
        /**
         * It is so.
         *
         * @param createdAt when the user came; without meaning for a user who is gone
         * @param changedAt when the user last changed; likewise
         * @param appended where its events are: issuing and redeeming obey them when they are effective
         */
        record Effective(Instant createdAt, Instant changedAt, Appended appended) implements Outcome {}

        /** Another user has the name; nothing changed. */
        record NameTaken() implements Outcome {}

        /** Nothing changed. */
        record Refused(UserRejection rejection) implements Outcome {}
    }
}
