package tap.endtoend.torture;

import java.util.Set;

/**
 * One thing that goes wrong, and how it is put right.
 *
 * @param kind what goes wrong
 * @param where the pod or server, for people
 * @param touches the processes that it needs for itself: two faults at a time have none in common
 * @param inflict makes it go wrong
 * @param release lets go on what was held, before what was ended is started again
 * @param mend puts right what needs running servers, after that
 */
record Fault(FaultKind kind, String where, Set<String> touches, Runnable inflict, Runnable release, Runnable mend) {
    static final Runnable NOTHING = () -> {};

    @Override
    public String toString() {
        return kind + " " + where;
    }
}
