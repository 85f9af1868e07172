package tap.endtoend.torture.order;

/**
 * Something that befell a pass at one instant between two that a client knows.
 *
 * @param what it was
 * @param happened whether it is certain that it happened, or will; otherwise it may have, or may yet
 * @param begun in nanoseconds, from when on it can have happened
 * @param ended in nanoseconds, until when it has happened, or {@link #NEVER}
 */
public record Operation(What what, boolean happened, long begun, long ended) {
    /** The end of what may still happen at any time. */
    public static final long NEVER = Long.MAX_VALUE;

    /** What can befall a pass, or be seen of it. */
    public enum What {
        /** The pass can be redeemed from then on, within its window. */
        ADMITTED,
        /** The window has begun. */
        OPENED,
        /** Somebody signed in with it. */
        USED,
        /** It was deleted or replaced, or its user was removed. */
        WITHDRAWN,
        /** The policy allows passes. */
        ENABLED,
        /** The policy allows no passes. */
        DISABLED,
        /** Somebody knew the code and was refused. */
        REFUSED,
        /** It is shown to administrators. */
        FOUND,
        /** It is not shown. */
        GONE;

        /** Whether it tells of the pass and changes nothing. */
        boolean isReading() {
            return switch (this) {
                case REFUSED, FOUND, GONE -> true;
                case ADMITTED, OPENED, USED, WITHDRAWN, ENABLED, DISABLED -> false;
            };
        }
    }

    /** What the system has said to be so everywhere. */
    public static Operation effective(What what, long begun, long ended) {
        return new Operation(what, true, begun, ended);
    }

    /** What the system has said to happen: some time, at the latest when there is rest. */
    public static Operation announced(What what, long begun) {
        return new Operation(what, true, begun, NEVER);
    }

    /** What was asked for and nobody answered. */
    public static Operation possible(What what, long begun) {
        return new Operation(what, false, begun, NEVER);
    }

    /** This one, of which no more is known than that it may have happened. */
    Operation inDoubt() {
        return possible(what, begun);
    }

    /** This one, if it was announced and had to be true by then. */
    Operation by(long instant) {
        return happened && ended == NEVER ? effective(what, begun, instant) : this;
    }
}
