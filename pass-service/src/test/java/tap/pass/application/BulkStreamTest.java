package tap.pass.application;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BulkStreamTest {
    private static final int MOST_BEGUN = BulkStream.AT_ONCE + BulkStream.AWAITED;
    private final List<Integer> keys = IntStream.range(0, 10_000).boxed().toList();
    private final AtomicInteger begun = new AtomicInteger();

    @Test
    void a_reader_who_takes_everything_is_given_everything_once() {
        var reader = BulkStream.of(keys, this::done).subscribe().withSubscriber(AssertSubscriber.create(10_000));
        reader.assertCompleted();
        assertThat(reader.getItems()).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void a_reader_who_takes_nothing_more_stops_the_work() {
        var reader = BulkStream.of(keys, this::done).subscribe().withSubscriber(AssertSubscriber.create(100));
        assertThat(reader.getItems()).hasSize(100);
        assertThat(begun.get()).isLessThanOrEqualTo(100 + MOST_BEGUN);
        int atFirst = begun.get();
        reader.request(50);
        assertThat(reader.getItems()).hasSize(150);
        assertThat(begun.get()).isGreaterThan(atFirst).isLessThanOrEqualTo(150 + MOST_BEGUN);
    }

    @Test
    void so_many_are_worked_on_at_once_and_no_more() {
        var reader = BulkStream.of(keys, key -> never()).subscribe().withSubscriber(AssertSubscriber.create(10_000));
        assertThat(begun).hasValue(BulkStream.AT_ONCE);
        reader.cancel();
    }

    @Test
    void what_waits_for_an_answer_holds_up_so_many_others_and_no_more() {
        var reader = BulkStream.of(
                        keys, key -> done(key).map(answer -> Uni.createFrom().<Integer>nothing()))
                .subscribe()
                .withSubscriber(AssertSubscriber.create(10_000));
        assertThat(begun.get()).isBetween(BulkStream.AWAITED, MOST_BEGUN);
        reader.cancel();
    }

    @Test
    void a_reader_who_leaves_ends_the_work() {
        AtomicBoolean cancelled = new AtomicBoolean();
        var reader = BulkStream.of(
                        keys,
                        key -> key < 100 ? done(key) : never().onCancellation().invoke(() -> cancelled.set(true)))
                .subscribe()
                .withSubscriber(AssertSubscriber.create(10_000));
        assertThat(reader.getItems()).hasSize(100);
        reader.cancel();
        assertThat(cancelled).isTrue();
        assertThat(begun).hasValue(100 + BulkStream.AT_ONCE);
    }

    private Uni<Uni<Integer>> done(Integer key) {
        begun.incrementAndGet();
        return Uni.createFrom().item(Uni.createFrom().item(key));
    }

    private Uni<Uni<Integer>> never() {
        begun.incrementAndGet();
        return Uni.createFrom().emitter((UniEmitter<? super Uni<Integer>> emitter) -> {});
    }
}
