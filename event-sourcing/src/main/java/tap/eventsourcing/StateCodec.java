package tap.eventsourcing;

import org.jspecify.annotations.Nullable;

/**
 * How an aggregate's folded state is kept in its {@code head} row.
 *
 * @param <S> states, sealed
 */
public interface StateCodec<S> {

    /** The version of the written form; a pod that finds another one folds the events instead. */
    int stateVersion();

    /** The written form of a state. */
    Written write(S state);

    /** Reads what {@link #write} of the same {@link #stateVersion} wrote. */
    S read(String json, @Nullable SealedPart sealed);

    /**
     * A state as it is kept.
     *
     * @param json a JSON object
     * @param sealed what may not be readable, already encrypted, or {@code null}
     * @param partitionKey the key of the stream's messages: a user's id, or the stream's own
     * @param ended whether the stream is over: nothing will be looked for in it by its partition key
     */
    record Written(String json, @Nullable SealedPart sealed, String partitionKey, boolean ended) {}
}
