package tap.eventsourcing;

import java.util.UUID;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochRandomGenerator;

/** Ids of events and other things that are born at the edges: UUID version 7 (RFC 9562 §5.7), random beyond their millisecond. */
public final class Ids {
    private static final TimeBasedEpochRandomGenerator GENERATOR = Generators.timeBasedEpochRandomGenerator();

    private Ids() {}

    /** A new id. */
    public static UUID next() {
        return GENERATOR.generate();
    }
}
