package tap.codes;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2id, version 1.3 (RFC 9106), for one computation at a time. It keeps its memory blocks between computations:
 * 19 MiB of fresh garbage each would keep the collector busier than the hash keeps the core.
 */
final class Argon2 {

    /** Bytes of a hash. */
    static final int HASH_LENGTH = 32;

    private final BlockPool blocks;

    /** @param usual the cost to keep memory for; a dearer computation works too and lets the surplus go */
    Argon2(Argon2Cost usual) {
        // the generator itself works with four blocks more than the memory has
        this.blocks = new FixedBlockPool(usual.memoryKib() + 4);
    }

    /** The hash of a code, {@value #HASH_LENGTH} bytes. */
    byte[] hash(byte[] code, byte[] salt, Argon2Cost cost) {
        return hash(
                code,
                new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                        .withMemoryAsKB(cost.memoryKib())
                        .withIterations(cost.iterations())
                        .withParallelism(cost.parallelism())
                        .withSalt(salt));
    }

    byte[] hash(byte[] code, Argon2Parameters.Builder parameters) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(parameters.withBlockPool(blocks).build());
        byte[] hash = new byte[HASH_LENGTH];
        generator.generateBytes(code, hash);
        return hash;
    }
}
