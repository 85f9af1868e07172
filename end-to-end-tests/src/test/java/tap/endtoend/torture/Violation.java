package tap.endtoend.torture;

/**
 * A promise that was not kept.
 *
 * @param promise which, in few words
 * @param what what was seen, with the ids that it takes to look for the reason
 */
public record Violation(String promise, String what) {
    @Override
    public String toString() {
        return promise + ": " + what;
    }
}
