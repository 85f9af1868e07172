package tap.pass.api;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;
import tap.graph.GraphRequest;
import tap.graph.access.Access;
import tap.graph.access.Caller;
import tap.graph.access.Operation;
import tap.graph.error.GraphError;
import tap.graph.odata.GraphList;
import tap.pass.domain.IssuedPass;
import tap.pass.domain.UserReference;
import tap.pass.projections.passdetails.PassDetails;
import tap.pass.projections.passdetails.PassDetails.ShownPass;
import tap.pass.projections.passdetails.PassDetailsQueries;

/** Answers questions about passes, to those who may ask. A user key of {@code null} means the caller. */
@ApplicationScoped
class PassReader {
    private static final Pattern GUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final UUID NO_PASS = new UUID(0, 0);

    private final GraphRequest request;
    private final PassDetailsQueries details;

    PassReader(GraphRequest request, PassDetailsQueries details) {
        this.request = request;
        this.details = details;
    }

    /** Refuses (403) whoever could not be granted the operation for any user, before one is looked up. */
    void couldBeGranted(Operation operation) {
        Access.foreseen(request.caller(), operation).orRefuse();
    }

    /** Goes on if the caller may do what is about no single user; fails with 403 if not. */
    Uni<Void> allow(Operation operation) {
        couldBeGranted(operation);
        return known(request.caller())
                .invoke(known -> Access.decide(known, operation).orRefuse())
                .replaceWithVoid();
    }

    private Uni<Caller> known(Caller caller) {
        return caller instanceof Caller.Delegated delegated && delegated.rolesInDirectory()
                ? details.callerRoles(new UserReference(null, caller.subject())).map(caller::knownWith)
                : Uni.createFrom().item(caller);
    }

    /** Whose pass the request is about, and who asks. */
    UserReference reference(@Nullable String user) {
        Caller caller = request.caller();
        if (user == null && caller instanceof Caller.Application) {
            Access.CALLER_UNKNOWN.orRefuse();
        }
        return new UserReference(user, caller.subject());
    }

    /** The id of a pass; for what can be none the one that no pass has, so that access is decided before it is answered 404. */
    static UUID passId(String pass) {
        return guid(pass).orElse(NO_PASS);
    }

    /** The id that a text has the form of; {@code UUID.fromString} alone would take "1-1-1-1-1" for one. */
    static Optional<UUID> guid(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return GUID.matcher(lower).matches() ? Optional.of(UUID.fromString(lower)) : Optional.empty();
    }

    /** The pass that the user has, as a list of one or none. */
    Uni<GraphList<PassResponse>> list(
            @Nullable String user, String context, Function<ShownPass, PassResponse> element) {
        return shown(user)
                .map(shown -> GraphList.whole(
                        context, shown.map(element).map(List::of).orElseGet(List::of)));
    }

    /** The pass with the id; 404 if the user has another or none. */
    Uni<PassResponse> one(@Nullable String user, String pass, String context) {
        return one(user, pass, found -> PassResponse.one(context, found));
    }

    /** As {@link #one(String, String, String)}, as a method among others, which says its type. */
    Uni<PassResponse> method(@Nullable String user, String method, String context) {
        return one(user, method, found -> PassResponse.oneMethod(context, found));
    }

    private Uni<PassResponse> one(@Nullable String user, String pass, Function<ShownPass, PassResponse> answer) {
        UUID passId = passId(pass);
        return shown(user)
                .map(shown -> shown.filter(found -> found.pass().passId().equals(passId))
                        .map(answer)
                        .orElseThrow(() -> PassRejections.noPass(pass).exception()));
    }

    /**
     * A pass that was issued to the user before, as it is now; one that has been replaced or deleted since is shown as what it was, not
     * usable. The caller was allowed to issue it.
     */
    Uni<ShownPass> now(String user, IssuedPass issued) {
        return details.find(reference(user))
                .map(found -> found.flatMap(there -> there.details().shown())
                        .filter(shown -> shown.pass().passId().equals(issued.passId()))
                        .orElseGet(() -> ShownPass.gone(issued)));
    }

    private Uni<Optional<ShownPass>> shown(@Nullable String user) {
        couldBeGranted(Operation.READ_PASS);
        Caller caller = request.caller();
        UserReference reference = reference(user);
        return details.find(reference).flatMap(found -> {
            if (found.isEmpty()) {
                return nobody(reference, caller);
            }
            PassDetails pass = found.get().details();
            UUID callerId = found.get().callerId();
            Access.decide(
                            caller.knownWith(found.get().callerRoles()),
                            Operation.READ_PASS,
                            new Access.Target(pass.userId.toString(), pass.administrator),
                            callerId == null ? null : callerId.toString())
                    .orRefuse();
            return Uni.createFrom().item(pass.shown());
        });
    }

    // Who may read nobody's pass but their own is not told who there is.
    private Uni<Optional<ShownPass>> nobody(UserReference reference, Caller caller) {
        String named = reference.named();
        if (named == null) {
            throw Access.CALLER_UNKNOWN.refusal();
        }
        return known(caller).map(known -> {
            Access.decide(known, Operation.READ_PASS, Access.Target.NOBODY, null)
                    .orRefuse();
            throw GraphError.userNotFound(named).exception();
        });
    }
}
