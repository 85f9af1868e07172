package tap.localstack.supervisor;

/** Hears of each step of a start as it is done. */
@FunctionalInterface
public interface Progress {
    /** One line for the person who waits. */
    void done(String line);
}
