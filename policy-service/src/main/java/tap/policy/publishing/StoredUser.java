package tap.policy.publishing;

import java.util.UUID;

import tap.contract.ContractJson;
import tap.contract.UserChangedV1;
import tap.contract.UserRemovedV1;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.JsonEventCodec;
import tap.eventsourcing.JsonStateCodec;
import tap.eventsourcing.StateCodec;
import tap.policy.domain.User;
import tap.policy.domain.UserEvent;
import tap.policy.domain.UserEvent.UserChanged;
import tap.policy.domain.UserEvent.UserRemoved;
import tap.policy.domain.UserKind;
import tap.policy.domain.UserProfile;

/** A user's stream: its id, the stored names of its events, and how its head is kept. Ids only: names are in {@code person}. */
public final class StoredUser {
    /** The stored names. */
    public static final EventCodec<UserEvent> EVENTS = JsonEventCodec.<UserEvent>with(ContractJson.mapper())
            .event(
                    "user-changed.v1",
                    UserChanged.class,
                    UserChangedV1.class,
                    event -> new UserChangedV1(
                            event.userId(),
                            event.profile().active(),
                            written(event.profile().kind()),
                            event.profile().administratorRoles(),
                            event.groupIds()),
                    stored -> new UserChanged(
                            new UserProfile(
                                    stored.userId(), stored.active(), kind(stored.kind()), stored.administratorRoles()),
                            stored.groupIds()))
            .event(
                    "user-removed.v1",
                    UserRemoved.class,
                    UserRemovedV1.class,
                    event -> new UserRemovedV1(event.userId()),
                    stored -> new UserRemoved(stored.userId()))
            .build();

    /**
     * The head. The directory's indexes and views read {@code profile} and {@code groupIds} of it: raise the version and replace them
     * together.
     */
    public static final StateCodec<User> HEAD = new JsonStateCodec<>(
            User.class, 1, ContractJson.mapper(), StoredUser::key, user -> user instanceof User.Removed);

    private StoredUser() {}

    /** The stream of a user, and the key of its messages: the id. */
    public static String stream(UUID userId) {
        return userId.toString();
    }

    private static String key(User user) {
        return switch (user) {
            case User.Provisioned provisioned -> stream(provisioned.profile().userId());
            case User.Removed removed -> stream(removed.userId());
            case User.Unknown unknown -> throw new IllegalStateException("a user without an event has no head");
        };
    }

    private static String written(UserKind kind) {
        return switch (kind) {
            case MEMBER -> "member";
            case INTERNAL_GUEST -> "internalGuest";
            case EXTERNAL_GUEST -> "externalGuest";
        };
    }

    private static UserKind kind(String written) {
        return switch (written) {
            case "member" -> UserKind.MEMBER;
            case "internalGuest" -> UserKind.INTERNAL_GUEST;
            case "externalGuest" -> UserKind.EXTERNAL_GUEST;
            default -> throw new IllegalStateException("no kind of user: " + written);
        };
    }
}
