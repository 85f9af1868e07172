package tap.localstack.supervisor;

/**
 * What a stack was asked to be.
 *
 * @param port the gateway's port
 * @param pods how many pods each service has
 */
public record StackSettings(int port, int pods) {
    /** What {@code up} takes when nothing is said. */
    public static final StackSettings DEFAULT = new StackSettings(8080, 1);

    /** As the options that ask for it. */
    @Override
    public String toString() {
        return "--port " + port + " --pods " + pods;
    }
}
