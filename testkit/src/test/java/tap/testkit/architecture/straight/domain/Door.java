package tap.testkit.architecture.straight.domain;

import java.time.Instant;

/** A state. */
public sealed interface Door {
    /** It can be passed. */
    record Open(Instant since) implements Door {}

    /** It cannot. */
    record Shut() implements Door {}
}
