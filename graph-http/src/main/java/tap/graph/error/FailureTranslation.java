package tap.graph.error;

import org.jspecify.annotations.Nullable;

/** A service's own answer to an exception of its libraries (a store that is away, a full pool). Registered as a CDI bean. */
@FunctionalInterface
public interface FailureTranslation {
    /** The error to answer with, or null where this translation does not know the exception. */
    @Nullable
    GraphError translate(Throwable failure);
}
