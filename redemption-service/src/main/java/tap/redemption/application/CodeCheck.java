package tap.redemption.application;

import java.util.List;
import java.util.concurrent.CompletionStage;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import tap.codes.KeyRing;
import tap.codes.KeyRingException;
import tap.codes.SealedVerifier;
import tap.codes.SubmittedCode;
import tap.codes.UnreadableVerifier;
import tap.codes.Verifier;
import tap.codes.VerifierSeal;
import tap.codes.Verifiers;
import tap.redemption.domain.Allowance;
import tap.redemption.domain.Pass;

/** Checks a submitted code against an allowance. What it costs depends on the code's length alone. */
public final class CodeCheck {
    private static final Logger LOG = Logger.getLogger(CodeCheck.class);

    private final Verifiers verifiers;
    private final VerifierSeal seal;
    private final KeyRing peppers;

    /**
     * @param verifiers does the work, short codes on the Argon2 pool
     * @param seal opens verifiers
     * @param peppers what verifiers are made with
     */
    public CodeCheck(Verifiers verifiers, VerifierSeal seal, KeyRing peppers) {
        this.verifiers = verifiers;
        this.seal = seal;
        this.peppers = peppers;
    }

    /**
     * Says whether codes can be checked here against this verifier.
     *
     * @throws UnreadableVerifier if it is not this pass's, or was changed
     * @throws KeyRingException if the key that sealed it, or the pepper in it, is not mounted here
     */
    public void requireReadable(Pass pass, SealedVerifier part) {
        readable(pass, part);
    }

    private Verifier readable(Pass pass, SealedVerifier part) {
        Verifier verifier = seal.open(part, pass.passId(), pass.issuedVersion());
        peppers.requireAll(List.of(verifier.keyId()));
        return verifier;
    }

    /** Checks against what the allowance still keeps; fails with {@code Argon2PoolFull} if there is no room. */
    Uni<Checked> check(SubmittedCode code, Allowance allowance) {
        return switch (allowance) {
            case Allowance.Open(Pass pass, int uses, var verifier, var repeatable) -> check(code, pass, verifier);
            case Allowance.Spent(Pass pass, int uses, var verifier, var repeatable) -> check(code, pass, verifier);
            case Allowance.NotAdmitted unknown -> checkAgainstNothing(code);
            case Allowance.Expired expired -> checkAgainstNothing(code);
            case Allowance.Locked locked -> checkAgainstNothing(code);
            case Allowance.Refused refused -> checkAgainstNothing(code);
            case Allowance.Withdrawn withdrawn -> checkAgainstNothing(code);
        };
    }

    /** Does the same work where there is nothing that the code could match. */
    Uni<Checked> checkAgainstNothing(SubmittedCode code) {
        return onThisContext(verifiers.verifyWithoutVerifier(code)).map(no -> new Checked(false, false));
    }

    private Uni<Checked> check(SubmittedCode code, Pass pass, @Nullable SealedVerifier part) {
        if (part == null) {
            return checkAgainstNothing(code);
        }
        Verifier verifier;
        try {
            verifier = readable(pass, part);
        } catch (KeyRingException | UnreadableVerifier e) {
            // refused like a wrong code: what is mounted here is nobody's business
            LOG.errorf("pass %s cannot be redeemed: %s", pass.passId(), e.getMessage());
            return checkAgainstNothing(code);
        }
        return onThisContext(verifiers.verify(code, pass.passId(), verifier))
                .map(matches -> new Checked(matches, verifier instanceof Verifier.Stretched));
    }

    // The pool completes on its own threads; what follows belongs on the event loop that the request came in on.
    private static <T> Uni<T> onThisContext(CompletionStage<T> stage) {
        Context context = Vertx.currentContext();
        Uni<T> uni = Uni.createFrom().completionStage(stage);
        return context == null ? uni : uni.emitOn(command -> context.runOnContext(ignored -> command.run()));
    }

    /**
     * What came of it.
     *
     * @param matches whether the code is the pass's
     * @param guessable whether the pass has a short code, so that wrong ones count towards its lock
     */
    record Checked(boolean matches, boolean guessable) {}
}
