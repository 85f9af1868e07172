package tap.pass.application;

import java.util.List;
import java.util.function.Function;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;

/**
 * Work on a long list at the pace of whoever reads its results: some at once, and of those that are done some more that wait for an answer from
 * elsewhere. A reader who asks for nothing more stops the work; one who leaves ends it.
 */
final class BulkStream {
    /** How many are worked on at once: half of the connections of a pod's pool, so that single requests find one. */
    static final int AT_ONCE = 8;

    /** How many may wait for an answer at once: no more than keeps everybody's answers in time where the others are slower. */
    static final int AWAITED = 16;

    private BulkStream() {}

    /**
     * The results, each when it is there.
     *
     * @param work an item when it is done, and in it the wait
     */
    static <K, T> Multi<T> of(List<K> keys, Function<K, Uni<Uni<T>>> work) {
        return Multi.createFrom()
                .iterable(keys)
                .onItem()
                .transformToUni(key -> work.apply(key))
                .merge(AT_ONCE)
                .onItem()
                .transformToUni(answer -> answer)
                .merge(AWAITED);
    }
}
