package tap.pass.application;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import tap.codes.Code;
import tap.codes.SealedVerifier;
import tap.contract.Topics;
import tap.directory.UserTerms;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.Handled;
import tap.eventsourcing.Ids;
import tap.eventsourcing.Load;
import tap.eventsourcing.Loaded;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.quarkus.Followers;
import tap.graph.access.Access;
import tap.graph.access.Caller;
import tap.graph.access.Operation;
import tap.pass.domain.Allowance;
import tap.pass.domain.EarlierIssue;
import tap.pass.domain.IssuedPass;
import tap.pass.domain.Pass;
import tap.pass.domain.PassCommand;
import tap.pass.domain.PassCommand.DeletePass;
import tap.pass.domain.PassCommand.IssuePass;
import tap.pass.domain.PassDecider;
import tap.pass.domain.PassEvent;
import tap.pass.domain.PassRejection;
import tap.pass.domain.UserReference;

/** Issuing and deleting: two statements each, then the wait until redemption-service has applied it. */
@Singleton
public class PassCommands {
    private final CommandHandler<PassCommand, Pass, PassEvent, PassRejection> passes;
    private final Codes codes;
    private final AllowanceFacts facts;
    private final Followers followers;
    private final IssuingLimit limit;
    private final MeterRegistry meters;

    PassCommands(
            CommandHandler<PassCommand, Pass, PassEvent, PassRejection> passes,
            Codes codes,
            AllowanceFacts facts,
            Followers followers,
            IssuingLimit limit,
            MeterRegistry meters) {
        this.passes = passes;
        this.codes = codes;
        this.facts = facts;
        this.followers = followers;
        this.limit = limit;
        this.meters = meters;
    }

    /**
     * Issues a pass, and waits until it is known whether it can be redeemed, for as long as an answer may wait.
     *
     * @return what became of it; fails with {@code GraphException} if the caller may not, with {@code Unavailable} or
     *     {@code Argon2PoolFull} if it cannot be decided now
     */
    public Uni<IssueOutcome> issue(Caller caller, UserReference reference, IssueOrder order, Metadata metadata) {
        return decided(caller, reference, order, metadata).flatMap(answer -> answer);
    }

    /** As {@link #issue}, in two steps: an item when it is decided and stored, and in it the wait. */
    Uni<Uni<IssueOutcome>> decided(Caller caller, UserReference reference, IssueOrder order, Metadata metadata) {
        UUID passId = Ids.next();
        Load<PassTerms> load = order.key() == null
                ? PassTerms.load(reference, passId, metadata.actor())
                : PassTerms.load(
                        reference, passId, RepeatableRequest.of(metadata.actor(), order.key(), order.request()));
        Attempt attempt = new Attempt();
        return passes.handle(load, loaded -> issue(caller, reference, order, attempt, loaded), metadata)
                .map(handled -> switch (handled) {
                    case Handled.Accepted<Pass, PassEvent, PassRejection> accepted ->
                        accepted.events().isEmpty()
                                ? known(new IssueOutcome.Repeated(Objects.requireNonNull(attempt.earlier)))
                                : issued(accepted, Objects.requireNonNull(attempt.drawing));
                    case Handled.Rejected<Pass, PassEvent, PassRejection> rejected ->
                        known(new IssueOutcome.Refused(rejected.rejection()));
                })
                .onFailure(IssuingLimit::refuses)
                .recoverWithItem(failure -> known(new IssueOutcome.Refused(IssuingLimit.reached(failure))))
                .map(answer -> answer.invoke(this::count));
    }

    private static Uni<IssueOutcome> known(IssueOutcome outcome) {
        return Uni.createFrom().item(outcome);
    }

    private void count(IssueOutcome outcome) {
        if (outcome instanceof IssueOutcome.Refused refused
                && refused.rejection() instanceof PassRejection.IssuingLimitReached) {
            limit.refused();
        }
        count(
                "issue",
                switch (outcome) {
                    case IssueOutcome.Issued issued -> issued.confirmed() ? "confirmed" : "pending";
                    case IssueOutcome.Repeated repeated -> "repeated";
                    case IssueOutcome.Refused refused -> "refused";
                });
    }

    private Uni<IssueOutcome> issued(Handled.Accepted<Pass, PassEvent, PassRejection> accepted, Codes.Drawing drawing) {
        IssuedPass pass = pass(accepted.state());
        return facts.admission(pass.passId(), answeredHere(accepted))
                .map(allowance -> new IssueOutcome.Issued(pass, drawing.code(), allowance, accepted.now()));
    }

    private Uni<PassCommand> issue(
            Caller caller, UserReference reference, IssueOrder order, Attempt attempt, Loaded<Pass, PassTerms> loaded) {
        PassTerms terms = loaded.context();
        authorise(caller, Operation.CREATE_PASS, reference, terms);
        EarlierIssue earlier = terms.earlier();
        attempt.earlier = earlier == null ? null : earlier.pass();
        IssuePass draft = command(order, loaded, null);
        if (PassDecider.needsNoCode(draft, loaded.state())) {
            return Uni.createFrom().item(draft);
        }
        return attempt.drawing(codes, terms.passId())
                .sealed(terms.policy().defaultLength(), loaded.version() + 1, order.oneOfMany())
                .map(verifier -> command(order, loaded, verifier));
    }

    private static IssuePass command(
            IssueOrder order, Loaded<Pass, PassTerms> loaded, @Nullable SealedVerifier verifier) {
        PassTerms terms = loaded.context();
        return new IssuePass(
                terms.user(),
                terms.policy(),
                order.request(),
                order.keepsLivePass() && !terms.presentPassOver(),
                terms.limitedFor(),
                terms.earlier(),
                terms.passId(),
                verifier,
                loaded.now());
    }

    /**
     * Deletes a pass.
     *
     * @return what became of it; fails with {@code GraphException} if the caller may not, with {@code Unavailable} if it cannot
     *     be decided now
     */
    public Uni<DeleteOutcome> delete(Caller caller, UserReference reference, UUID passId, Metadata metadata) {
        return passes.handle(
                        PassTerms.load(reference, passId),
                        loaded -> Uni.createFrom().item(() -> {
                            PassTerms terms = loaded.context();
                            authorise(caller, Operation.DELETE_PASS, reference, terms);
                            return new DeletePass(terms.user(), passId, terms.withdrawn(), loaded.now());
                        }),
                        metadata)
                .flatMap(handled -> switch (handled) {
                    case Handled.Accepted<Pass, PassEvent, PassRejection> accepted ->
                        facts.withdrawn(passId, answeredHere(accepted)).map(DeleteOutcome.Deleted::new);
                    case Handled.Rejected<Pass, PassEvent, PassRejection> rejected ->
                        Uni.createFrom().<DeleteOutcome>item(new DeleteOutcome.Refused(rejected.rejection()));
                })
                .invoke(outcome -> count(
                        "delete",
                        switch (outcome) {
                            case DeleteOutcome.Deleted deleted -> deleted.confirmed() ? "confirmed" : "pending";
                            case DeleteOutcome.Refused refused -> "refused";
                        }));
    }

    private boolean answeredHere(Handled.Accepted<Pass, PassEvent, PassRejection> accepted) {
        return followers.followsHere(
                Topics.REDEMPTIONS, pass(accepted.state()).userId().toString());
    }

    // Nobody is decided about like anybody: who may do it to no other user is not told who there is.
    private static void authorise(Caller caller, Operation operation, UserReference reference, PassTerms terms) {
        UserTerms user = terms.user();
        if (user == null && reference.me()) {
            Access.CALLER_UNKNOWN.orRefuse();
        }
        Access.Target target = user == null
                ? Access.Target.NOBODY
                : new Access.Target(user.id().toString(), user.administrator());
        String actingUserId = terms.callerId() == null ? null : terms.callerId().toString();
        Access.decide(caller.knownWith(terms.callerRoles()), operation, target, actingUserId)
                .orRefuse();
    }

    private static IssuedPass pass(Pass state) {
        return switch (state) {
            case Pass.Issued issued -> issued.pass();
            case Pass.Revoked revoked -> revoked.pass();
            case Pass.NeverIssued never -> throw new IllegalStateException("issued, and yet no pass");
        };
    }

    private void count(String operation, String outcome) {
        meters.counter("tap.pass.commands", "operation", operation, "outcome", outcome)
                .increment();
    }

    // What is known of one request to issue, however often it is decided again.
    private static final class Attempt {
        private Codes.@Nullable Drawing drawing;
        private @Nullable IssuedPass earlier;

        // A code is drawn once, and anew only if the pass has become another meanwhile.
        Codes.Drawing drawing(Codes codes, UUID passId) {
            Codes.Drawing last = drawing;
            Codes.Drawing current = last != null && last.isOf(passId) ? last : codes.of(passId);
            drawing = current;
            return current;
        }
    }

    /** What became of issuing. */
    public sealed interface IssueOutcome {
        /**
         * It is issued.
         *
         * @param pass as it was issued
         * @param code to be shown once
         * @param allowance what redemption-service has made of it, as far as that is known in time
         * @param now the instant of the decision
         */
        record Issued(IssuedPass pass, Code code, Allowance allowance, Instant now) implements IssueOutcome {
            /** Whether redemption-service has answered. */
            public boolean confirmed() {
                return allowance.admitted() || allowance.refused();
            }
        }

        /**
         * The same request has issued it before; nothing changed.
         *
         * @param pass as it was issued then
         */
        record Repeated(IssuedPass pass) implements IssueOutcome {}

        /** Nothing changed. */
        record Refused(PassRejection rejection) implements IssueOutcome {}
    }

    /** What became of deleting. */
    public sealed interface DeleteOutcome {
        /**
         * It is revoked.
         *
         * @param confirmed whether redemption-service is known to have let go of it
         */
        record Deleted(boolean confirmed) implements DeleteOutcome {}

        /** Nothing changed. */
        record Refused(PassRejection rejection) implements DeleteOutcome {}
    }
}
