package tap.codes;

import java.security.SecureRandom;
import java.util.stream.LongStream;

/** Seeds for property tests: three that never change and one of the day, printed; {@code -Dtap.seed} repeats one. */
final class Seeds {

    private Seeds() {}

    static LongStream seeds() {
        Long repeated = Long.getLong("tap.seed");
        if (repeated != null) {
            return LongStream.of(repeated);
        }
        long fresh = new SecureRandom().nextLong();
        System.out.println("fresh seed: -Dtap.seed=" + fresh);
        return LongStream.of(1, 2, 3, fresh);
    }
}
