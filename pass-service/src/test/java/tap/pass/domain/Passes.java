package tap.pass.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tap.codes.KeyId;
import tap.codes.SealedVerifier;
import tap.codes.SecretBytes;
import tap.directory.PolicyTerms;
import tap.directory.UserKind;
import tap.directory.UserTerms;
import tap.pass.domain.PassCommand.DeletePass;
import tap.pass.domain.PassCommand.IssuePass;
import tap.pass.domain.PassEvent.PassIssued;
import tap.pass.domain.PassEvent.PassRevoked;

/** What the tests of passes speak of. */
public final class Passes {
    public static final Instant NOW = Instant.parse("2026-03-01T08:00:00.123456Z");
    public static final UUID ADA = UUID.fromString("00000000-0000-4000-8000-00000000ada0");
    public static final UUID FIRST = UUID.fromString("00000000-0000-4000-8000-000000000001");
    public static final UUID SECOND = UUID.fromString("00000000-0000-4000-8000-000000000002");
    public static final SealedVerifier VERIFIER =
            new SealedVerifier(new KeyId("k1"), SecretBytes.copyOf(new byte[12]), SecretBytes.copyOf(new byte[40]));

    public static final UserTerms USER = new UserTerms(ADA, true, UserKind.MEMBER, List.of(), true, false);
    public static final PolicyTerms POLICY = new PolicyTerms(7, true, 60, 30, 480, 8, false);
    public static final PolicyTerms ONE_TIME_POLICY = new PolicyTerms(8, true, 60, 30, 480, 8, true);
    public static final PassRequest NOTHING_SPECIAL = new PassRequest(null, null, null, null);

    public static final Allowance ADMITTED = new Allowance(true, false, 0, null, false, false, false, false);

    private Passes() {}

    public static IssuePass issue(PassRequest request) {
        return new IssuePass(USER, POLICY, request, false, null, null, SECOND, VERIFIER, NOW);
    }

    public static IssuePass issue(PolicyTerms policy, PassRequest request) {
        return new IssuePass(USER, policy, request, false, null, null, SECOND, VERIFIER, NOW);
    }

    public static IssuePass issueTo(@Nullable UserTerms user) {
        return new IssuePass(user, POLICY, NOTHING_SPECIAL, false, null, null, SECOND, VERIFIER, NOW);
    }

    public static DeletePass delete(UUID passId) {
        return new DeletePass(USER, passId, false, NOW);
    }

    /** A multi-use pass without a start, for an hour from {@link #NOW}. */
    public static IssuedPass pass(UUID passId) {
        return new IssuedPass(ADA, passId, NOW, null, NOW.plus(Duration.ofHours(1)), false, null);
    }

    public static PassIssued issued(UUID passId) {
        return new PassIssued(pass(passId), 7, null, VERIFIER);
    }

    public static PassRevoked deleted(UUID passId) {
        return new PassRevoked(ADA, passId, RevocationReason.DELETED, NOW);
    }
}
