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
import tap.graph.Moment;
import tap.graph.access.Access;
import tap.graph.access.Caller;
import tap.graph.access.Operation;
import tap.graph.error.GraphError;
import tap.graph.error.GraphException;
import tap.graph.odata.GraphList;
import tap.pass.domain.IssuedPass;
import tap.pass.domain.UserReference;
import tap.pass.projections.passdetails.PassDetails.ShownPass;
import tap.pass.projections.passdetails.PassDetailsQueries;
import tap.pass.projections.passdetails.PassDetailsQueries.Found;
import tap.pass.projections.past.PastQueries;
import tap.pass.projections.past.PastQueries.Terms;

/** Answers questions about passes, as they are and as they were, to those who may ask. A user key of {@code null} means the caller. */
@ApplicationScoped
class PassReader {
    private static final Pattern GUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    /** The query parameter by which reading asks about an earlier moment. */
    static final String AS_OF = "asOf";

    /** The same of an explanation. */
    static final String AT = "at";

    private static final UUID NO_PASS = new UUID(0, 0);

    private final GraphRequest request;
    private final PassDetailsQueries details;
    private final PastQueries past;

    PassReader(GraphRequest request, PassDetailsQueries details, PastQueries past) {
        this.request = request;
        this.details = details;
        this.past = past;
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
        if (request.asks(AS_OF)) {
            couldBeGranted(Operation.READ_AUDIT);
            return existing(user, request.moment(AS_OF)).flatMap(there -> past.shown(there.userId(), there.then()));
        }
        couldBeGranted(Operation.READ_PASS);
        UserReference reference = reference(user);
        return readable(reference)
                .flatMap(found -> found.map(
                                there -> Uni.createFrom().item(there.details().shown()))
                        .orElseGet(() -> nobody(reference)));
    }

    /**
     * A user at a moment.
     *
     * @param userId who
     * @param then what held
     */
    record There(UUID userId, Terms then) {}

    private Uni<There> at(@Nullable String user, Optional<Moment> moment) {
        return whose(user)
                .flatMap(userId -> past.terms(
                                userId, moment.map(Moment::instant).orElse(null))
                        .map(then -> {
                            moment.ifPresent(asked -> asked.requirePast(then.settled()));
                            return new There(userId, then);
                        }));
    }

    // Who was not in the directory then is answered as who is not now.
    private Uni<There> existing(@Nullable String user, Optional<Moment> moment) {
        return at(user, moment).invoke(there -> {
            if (!there.then().terms().known()) {
                throw GraphError.userNotFound(user == null ? there.userId().toString() : user)
                        .exception();
            }
        });
    }

    /** Why a pass was usable at a moment, or now, or why not; 404 if it had not been issued to the user. */
    Uni<ExplanationResponse> explanation(String user, String pass) {
        couldBeGranted(Operation.READ_AUDIT);
        return at(user, request.moment(AT))
                .flatMap(there -> past.explanation(there.userId(), passId(pass), there.then())
                        .map(found -> found.map(explanation -> ExplanationResponse.of(
                                        request.odata().pass(user), passId(pass), there, explanation))
                                .orElseThrow(() -> PassRejections.noPass(pass).exception())));
    }

    /** What policy and directory said of a user at a moment, or now. */
    Uni<TargetingResponse> targeting(String user) {
        couldBeGranted(Operation.READ_AUDIT);
        return existing(user, request.moment(AS_OF)).map(there -> TargetingResponse.of(request.odata(), user, there));
    }

    /** What a pass has lived through, from some event on; 404 if it was never issued to the user. */
    Uni<GraphList<HistoryEntry>> history(String user, String pass) {
        couldBeGranted(Operation.READ_AUDIT);
        int after = request.skipped();
        return whose(user)
                .flatMap(userId -> past.history(userId, passId(pass), after))
                .map(events -> {
                    if (events.isEmpty() && after == 0) {
                        throw PassRejections.noPass(pass).exception();
                    }
                    return HistoryEntry.page(request.odata(), user, pass, after, events);
                });
    }

    // The past is the auditors' (graph-contract §5), of whatever user; who was removed is found by id.
    private Uni<UUID> whose(@Nullable String user) {
        UserReference reference = reference(user);
        return allow(Operation.READ_AUDIT)
                .chain(() -> details.find(reference))
                .map(found -> found.map(there -> there.details().userId)
                        .or(() -> Optional.ofNullable(reference.named()).flatMap(PassReader::guid))
                        .orElseThrow(() -> unknown(reference)));
    }

    private static GraphException unknown(UserReference reference) {
        String named = reference.named();
        return named == null
                ? Access.CALLER_UNKNOWN.refusal()
                : GraphError.userNotFound(named).exception();
    }

    // The user, if there is one: somebody whose pass the caller may read.
    private Uni<Optional<Found>> readable(UserReference reference) {
        Caller caller = request.caller();
        return details.find(reference)
                .invoke(found -> found.ifPresent(there -> {
                    UUID callerId = there.callerId();
                    Access.decide(
                                    caller.knownWith(there.callerRoles()),
                                    Operation.READ_PASS,
                                    new Access.Target(there.details().userId.toString(), there.details().administrator),
                                    callerId == null ? null : callerId.toString())
                            .orRefuse();
                }));
    }

    // Who may read nobody's pass but their own is not told who there is.
    private <T> Uni<T> nobody(UserReference reference) {
        if (reference.me()) {
            throw unknown(reference);
        }
        return known(request.caller()).map(known -> {
            Access.decide(known, Operation.READ_PASS, Access.Target.NOBODY, null)
                    .orRefuse();
            throw unknown(reference);
        });
    }
}
