package tap.redemption.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tap.codes.KeyId;
import tap.codes.SealedVerifier;
import tap.codes.SecretBytes;

/** A pass and what happened to it, for given-when-then. */
public final class Passes {
    public static final UUID USER = UUID.fromString("0198f3a0-0000-7000-8000-00000000000a");
    public static final UUID PASS = UUID.fromString("0198f3a0-0000-7000-8000-0000000000aa");
    public static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    public static final Instant END = NOON.plus(Duration.ofHours(1));
    public static final SealedVerifier VERIFIER =
            new SealedVerifier(new KeyId("k1"), SecretBytes.copyOf(new byte[12]), SecretBytes.copyOf(new byte[40]));

    private Passes() {}

    public static Pass oneTime() {
        return new Pass(USER, PASS, null, END, true, null, 3);
    }

    public static Pass uses(int maximumUses) {
        return new Pass(USER, PASS, null, END, false, maximumUses, 3);
    }

    public static Pass unlimited() {
        return new Pass(USER, PASS, null, END, false, null, 3);
    }

    public static Pass startingAt(Instant start) {
        return new Pass(USER, PASS, start, END, true, null, 3);
    }

    public static AllowanceEvent.PassAdmitted admitted(Pass pass) {
        return new AllowanceEvent.PassAdmitted(pass, VERIFIER, NOON);
    }

    /** Policy and directory that allow everything. */
    public static Circumstances favourable() {
        return new Circumstances(true, false, true, true, false);
    }

    /** The n-th jti of a test. */
    public static UUID jti(int n) {
        return new UUID(7, n);
    }

    public static AllowanceCommand.Redeem redeem(int n, Instant at) {
        return redeem(n, null, at);
    }

    /** The n-th redemption, of a request that can be repeated. */
    public static AllowanceCommand.Redeem redeem(int n, @Nullable RequestKey key, Instant at) {
        return new AllowanceCommand.Redeem(true, favourable(), "demo", jti(n), key, at);
    }

    /** The use that it makes. */
    public static AllowanceEvent.PassRedeemed redeemed(Pass pass, int use, @Nullable RequestKey key, Instant at) {
        return new AllowanceEvent.PassRedeemed(USER, PASS, use, pass.limit(), "demo", jti(use), at, key);
    }

    public static AllowanceEvent.PassRedeemed redeemed(Pass pass, int use, Instant at) {
        return redeemed(pass, use, null, at);
    }
}
