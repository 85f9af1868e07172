package tap.pass.application;

import java.security.SecureRandom;
import java.util.UUID;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.MutinyHelper;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;
import tap.codes.Code;
import tap.codes.SealedVerifier;
import tap.codes.Verifier;
import tap.codes.VerifierSeal;
import tap.codes.Verifiers;

/** Draws codes, and makes and seals what checks them. The one place of this service where a clear code is made. */
public final class Codes {
    private final Verifiers verifiers;
    private final VerifierSeal seal;
    private final SecureRandom random;

    Codes(Verifiers verifiers, VerifierSeal seal, SecureRandom random) {
        this.verifiers = verifiers;
        this.seal = seal;
        this.random = random;
    }

    /** The code of one pass that is about to be issued. */
    Drawing of(UUID passId) {
        return new Drawing(passId);
    }

    /** One code, drawn and stretched once however often the command is decided again. */
    final class Drawing {
        private final UUID passId;
        private @Nullable Drawn drawn;

        private Drawing(UUID passId) {
            this.passId = passId;
        }

        /**
         * The sealed verifier of the code, which is drawn at the first call and again only if the policy's length has changed.
         * A short code waits for the Argon2 pool and fails with {@link tap.codes.Argon2PoolFull} when there is no room; one of many waits
         * for room too, behind all others.
         *
         * @param length characters
         * @param version the version of the event that will carry the seal
         */
        Uni<SealedVerifier> sealed(int length, long version, boolean oneOfMany) {
            Drawn known = drawn;
            if (known != null && known.code.length() == length) {
                return Uni.createFrom().item(() -> seal(known.verifier, version));
            }
            Code code = Code.draw(length, random);
            return onSameContext(Uni.createFrom()
                            .completionStage(() -> oneOfMany
                                    ? verifiers.makePatiently(passId, code, random)
                                    : verifiers.make(passId, code, random)))
                    .invoke(verifier -> drawn = new Drawn(code, verifier))
                    .map(verifier -> seal(verifier, version));
        }

        /** Whether this is of that pass. */
        boolean isOf(UUID pass) {
            return passId.equals(pass);
        }

        /** The code whose verifier was made last. */
        Code code() {
            Drawn last = drawn;
            if (last == null) {
                throw new IllegalStateException("no code was drawn");
            }
            return last.code;
        }

        private SealedVerifier seal(Verifier verifier, long version) {
            return seal.seal(verifier, passId, version, random);
        }
    }

    private record Drawn(Code code, Verifier verifier) {}

    // The pool's threads are for Argon2: what follows, SQL above all, goes on where the request came from.
    private static <T> Uni<T> onSameContext(Uni<T> work) {
        Context context = Vertx.currentContext();
        return context == null ? work : work.emitOn(MutinyHelper.executor(context));
    }
}
