package tap.codes;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import javax.crypto.Mac;

/**
 * Makes verifiers of codes and checks codes against them, in the two tiers of {@link Verifier}.
 *
 * <p>Checking betrays nothing by the work it does: that depends on the length of the submitted code alone. Under
 * {@value Code#STRONG_FROM} characters it is always exactly one Argon2 and one HMAC, whether there is a verifier or not and
 * of whatever tier; from there on it is one HMAC and never an Argon2.
 */
public final class Verifiers {

    private static final byte[] PURPOSE = "tap1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_SALT = new byte[Verifier.SALT_LENGTH];
    private static final UUID NO_PASS = new UUID(0, 0);

    private final KeyRing peppers;
    private final Argon2Pool argon2Pool;
    private final Argon2Cost currentCost;

    /** New verifiers are made with the ring's current pepper and at the pool's usual cost. */
    public Verifiers(KeyRing peppers, Argon2Pool argon2Pool) {
        this.peppers = peppers;
        this.argon2Pool = argon2Pool;
        this.currentCost = argon2Pool.usualCost();
    }

    /**
     * Makes the verifier of a new code: at once for a strong code, on the Argon2 pool for a shorter one.
     *
     * @return fails with {@link Argon2PoolFull} when there is no room for an Argon2
     */
    public CompletionStage<Verifier> make(UUID passId, Code code, SecureRandom random) {
        return make(passId, code, random, false);
    }

    /** As {@link #make}, but waits for room on the pool as long as it takes, behind all who do not. */
    public CompletionStage<Verifier> makePatiently(UUID passId, Code code, SecureRandom random) {
        return make(passId, code, random, true);
    }

    private CompletionStage<Verifier> make(UUID passId, Code code, SecureRandom random, boolean patiently) {
        KeyRing.Key pepper = peppers.current();
        byte[] salt = new byte[Verifier.SALT_LENGTH];
        random.nextBytes(salt);
        SecretBytes kept = SecretBytes.owning(salt);
        if (code.isStrong()) {
            return CompletableFuture.completedFuture(
                    new Verifier.Keyed(pepper.id(), kept, mac(pepper, passId, salt, code.symbols())));
        }
        Function<Argon2, Verifier> stretching = argon2 -> new Verifier.Stretched(
                pepper.id(),
                kept,
                currentCost,
                stretchedMac(argon2, pepper, passId, salt, code.symbols(), currentCost));
        return patiently ? argon2Pool.submitPatiently(stretching) : argon2Pool.submit(stretching);
    }

    /**
     * Whether the submitted code is the one that the verifier of this pass was made of.
     *
     * @return fails with {@link Argon2PoolFull} when there is no room for an Argon2, and with {@link KeyRingException} when
     *     the ring lacks the verifier's pepper
     */
    public CompletionStage<Boolean> verify(SubmittedCode submitted, UUID passId, Verifier verifier) {
        return check(submitted, passId, Optional.of(verifier));
    }

    /**
     * Does the work of {@link #verify} where there is no verifier, because the user is unknown or has no open pass.
     *
     * @return false, or fails with {@link Argon2PoolFull}
     */
    public CompletionStage<Boolean> verifyWithoutVerifier(SubmittedCode submitted) {
        return check(submitted, NO_PASS, Optional.empty());
    }

    private CompletionStage<Boolean> check(SubmittedCode submitted, UUID passId, Optional<Verifier> verifier) {
        // a verifier of the other tier can only fail; its salt and pepper are as good for the work as any
        KeyRing.Key pepper;
        try {
            pepper = verifier.isPresent() ? peppers.key(verifier.get().keyId()) : peppers.current();
        } catch (KeyRingException e) {
            return CompletableFuture.failedFuture(e);
        }
        byte[] salt = verifier.map(v -> v.salt().raw()).orElse(NO_SALT);
        byte[] code = submitted.normalised();
        if (submitted.isStrong()) {
            SecretBytes mac = mac(pepper, passId, salt, code);
            return CompletableFuture.completedFuture(verifier.orElse(null) instanceof Verifier.Keyed keyed
                    && keyed.mac().equals(mac));
        }
        Argon2Cost cost = costOf(verifier);
        return argon2Pool.submit(argon2 -> {
            SecretBytes mac = stretchedMac(argon2, pepper, passId, salt, code, cost);
            return verifier.orElse(null) instanceof Verifier.Stretched stretched
                    && stretched.mac().equals(mac);
        });
    }

    /** The cost at which a short code is checked: the verifier's own if it has one, else that of a verifier made now. */
    Argon2Cost costOf(Optional<Verifier> verifier) {
        return verifier.orElse(null) instanceof Verifier.Stretched stretched ? stretched.cost() : currentCost;
    }

    private static SecretBytes stretchedMac(
            Argon2 argon2, KeyRing.Key pepper, UUID passId, byte[] salt, byte[] code, Argon2Cost cost) {
        byte[] stretched = argon2.hash(code, salt, cost);
        try {
            return mac(pepper, passId, salt, stretched);
        } finally {
            Arrays.fill(stretched, (byte) 0);
        }
    }

    // every part but the last has a fixed length, so that no two different inputs are the same message
    private static SecretBytes mac(KeyRing.Key pepper, UUID passId, byte[] salt, byte[] secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(pepper.forHmac());
            mac.update(PURPOSE);
            mac.update(ByteBuffer.allocate(16)
                    .putLong(passId.getMostSignificantBits())
                    .putLong(passId.getLeastSignificantBits())
                    .array());
            mac.update(salt);
            return SecretBytes.owning(mac.doFinal(secret));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime lacks HMAC-SHA-256.", e);
        }
    }
}
