package tap.eventsourcing;

import java.util.ArrayList;
import java.util.List;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TurnsTest {
    private final Turns turns = new Turns();
    private final List<UniEmitter<? super String>> working = new ArrayList<>();

    @Test
    void one_at_a_time_works_on_a_stream_in_the_order_of_asking() {
        var first = ask("stream");
        var second = ask("stream");
        var third = ask("stream");
        assertThat(working).hasSize(1);

        working.get(0).complete("a");
        first.assertCompleted().assertItem("a");
        assertThat(working).hasSize(2);

        working.get(1).complete("b");
        second.assertCompleted().assertItem("b");
        working.get(2).complete("c");
        third.assertCompleted().assertItem("c");
        assertThat(turns.streams()).isZero();
    }

    @Test
    void streams_do_not_wait_for_each_other() {
        ask("stream");
        ask("another");
        assertThat(working).hasSize(2);
    }

    @Test
    void who_fails_gives_the_turn_away() {
        var failing = ask("stream");
        var next = ask("stream");

        working.get(0).fail(new IllegalStateException("broken"));
        failing.assertFailedWith(IllegalStateException.class, "broken");
        working.get(1).complete("b");
        next.assertCompleted().assertItem("b");
        assertThat(turns.streams()).isZero();
    }

    @Test
    void who_leaves_while_it_waits_lets_nobody_past_those_before_it() {
        var first = ask("stream");
        var leaving = ask("stream");
        var third = ask("stream");

        leaving.cancel();
        assertThat(working).hasSize(1);

        working.get(0).complete("a");
        first.assertCompleted();
        assertThat(working).hasSize(2);
        working.get(1).complete("c");
        third.assertCompleted().assertItem("c");
        assertThat(turns.streams()).isZero();
    }

    @Test
    void who_leaves_while_it_works_gives_the_turn_away() {
        var leaving = ask("stream");
        var next = ask("stream");

        leaving.cancel();
        working.get(1).complete("b");
        next.assertCompleted().assertItem("b");
        assertThat(turns.streams()).isZero();
    }

    private UniAssertSubscriber<String> ask(String stream) {
        return turns.inTurn(stream, Uni.createFrom().<String>emitter(working::add))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }
}
