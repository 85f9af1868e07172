package tap.codes;

/**
 * What one Argon2id computation costs (RFC 9106 §3.1). Stored with every verifier, so that a change applies to new codes
 * and leaves old ones verifiable.
 *
 * @param memoryKib memory in KiB, at least 8 a lane, at most 256 MiB
 * @param iterations passes over the memory, 1 to 64
 * @param parallelism lanes, 1 to 16
 */
public record Argon2Cost(int memoryKib, int iterations, int parallelism) {

    /** 19 MiB, two passes, one lane: OWASP's second choice for passwords, about 30 ms. */
    public static final Argon2Cost DEFAULT = new Argon2Cost(19 * 1_024, 2, 1);

    private static final int MOST_MEMORY_KIB = 256 * 1_024;
    private static final int MOST_ITERATIONS = 64;
    private static final int MOST_PARALLELISM = 16;

    /** @throws IllegalArgumentException if a value is out of its range */
    public Argon2Cost {
        requireRange("parallelism", parallelism, 1, MOST_PARALLELISM);
        requireRange("iterations", iterations, 1, MOST_ITERATIONS);
        requireRange("memory in KiB", memoryKib, 8 * parallelism, MOST_MEMORY_KIB);
    }

    private static void requireRange(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "Argon2id " + what + " must be between " + least + " and " + most + ", not " + value + ".");
        }
    }
}
