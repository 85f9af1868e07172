package tap.graph.error;

/** Carries a {@link GraphError} out of a resource method or a pipeline. It is an answer, not a fault: no stack trace, never logged. */
public final class GraphException extends RuntimeException {
    private final transient GraphError error;

    /** Wraps the answer. */
    public GraphException(GraphError error) {
        super(error.status() + " " + error.code(), null, false, false);
        this.error = error;
    }

    /** What the caller will be told. */
    public GraphError error() {
        return error;
    }
}
