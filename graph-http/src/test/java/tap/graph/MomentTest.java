package tap.graph;

import java.time.Instant;
import java.util.List;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import tap.graph.error.GraphError;
import tap.graph.error.GraphException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class MomentTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void a_query_without_the_parameter_asks_about_now() {
        assertThat(Moment.of("asOf", List.of())).isEmpty();
    }

    @Test
    void any_form_that_bodies_may_have_is_read() {
        assertThat(Moment.of("asOf", List.of("2026-03-01T13:00:00+01:00"))).contains(new Moment("asOf", NOON));
    }

    @Test
    void what_is_no_moment_is_refused_with_what_it_should_be() {
        assertThat(refusal(() -> Moment.of("asOf", List.of("yesterday"))))
                .contains("'asOf'", "2026-03-01T12:00:00Z", "%2B");
        assertThat(refusal(() -> Moment.of("asOf", List.of("")))).contains("'asOf' is not valid");
    }

    @Test
    void two_moments_are_refused() {
        assertThat(refusal(() -> Moment.of("at", List.of("2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z"))))
                .contains("'at' is there more than once");
    }

    @Test
    void only_what_is_settled_can_be_asked_about() {
        Moment moment = new Moment("asOf", NOON);
        assertThatCode(() -> moment.requirePast(NOON)).doesNotThrowAnyException();
        assertThat(refusal(() -> moment.requirePast(NOON.minusNanos(1_000))))
                .contains("until five seconds ago, that is until 2026-03-01T11:59:59.999999Z");
    }

    private static String refusal(ThrowingCallable call) {
        GraphError error = catchThrowableOfType(GraphException.class, call).error();
        assertThat(error.status()).isEqualTo(400);
        return error.message();
    }
}
