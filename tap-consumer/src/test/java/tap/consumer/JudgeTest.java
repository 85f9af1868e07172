package tap.consumer;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tap.contract.UserRemovedV1;

import static org.assertj.core.api.Assertions.assertThat;

class JudgeTest {
    private static final UUID ID = new UUID(0, 1);
    private static final UUID OTHER = new UUID(0, 2);

    @Nested
    class WhenNothingIsHeld {
        @Test
        void the_next_of_a_stream_takes_effect() {
            assertThat(Judge.judge(known(1), past(0))).isInstanceOf(Judge.Verdict.Next.class);
            assertThat(Judge.judge(known(8), past(7))).isInstanceOf(Judge.Verdict.Next.class);
        }

        @Test
        void the_same_event_again_is_dropped_also_when_it_is_no_longer_understood() {
            assertThat(Judge.judge(known(3), past(7, ID))).isInstanceOf(Judge.Verdict.Seen.class);
            assertThat(Judge.judge(unknown(3, Held.Reason.UNKNOWN_TYPE), past(7, ID)))
                    .isInstanceOf(Judge.Verdict.Seen.class);
        }

        @Test
        void another_event_in_the_place_of_one_is_a_fork() {
            assertThat(reason(Judge.judge(known(3), past(7, OTHER)))).isEqualTo(Held.Reason.FORK);
        }

        @Test
        void a_sequence_too_many_is_a_gap() {
            assertThat(reason(Judge.judge(known(2), past(0)))).isEqualTo(Held.Reason.GAP);
            assertThat(reason(Judge.judge(unknown(9, Held.Reason.UNKNOWN_TYPE), past(7))))
                    .isEqualTo(Held.Reason.GAP);
        }

        @Test
        void what_is_not_understood_holds_its_stream_for_its_own_reason() {
            for (Held.Reason reason : Held.Reason.values()) {
                assertThat(reason(Judge.judge(unknown(8, reason), past(7)))).isEqualTo(reason);
            }
            assertThat(reason(Judge.judge(new Arrival.Stray(place("", 0), "?"), past(0))))
                    .isEqualTo(Held.Reason.UNREADABLE);
        }
    }

    @Nested
    class WhenHeld {
        @Test
        void nothing_more_of_the_stream_takes_effect() {
            for (Held.Reason reason : Held.Reason.values()) {
                assertThat(Judge.judge(known(9), held(7, reason))).isInstanceOf(Judge.Verdict.Behind.class);
            }
            assertThat(Judge.judge(known(8), held(7, Held.Reason.FORK))).isInstanceOf(Judge.Verdict.Behind.class);
            assertThat(Judge.judge(known(8), held(7, Held.Reason.UNREADABLE))).isInstanceOf(Judge.Verdict.Behind.class);
            assertThat(Judge.judge(new Arrival.Stray(place("", 0), "?"), held(0, Held.Reason.UNREADABLE)))
                    .isInstanceOf(Judge.Verdict.Behind.class);
        }

        @Test
        void what_was_missing_in_a_gap_takes_effect_when_it_comes() {
            assertThat(Judge.judge(known(8), held(7, Held.Reason.GAP))).isInstanceOf(Judge.Verdict.Next.class);
        }
    }

    private static Arrival known(long sequence) {
        Arrival.Place place = place("policy-service", sequence);
        return new Arrival.Known(
                place,
                new TapEvent(
                        "tap.directory",
                        0,
                        0,
                        place.source(),
                        place.id(),
                        "user-removed.v1",
                        place.subject(),
                        sequence,
                        Instant.EPOCH,
                        place.subject(),
                        "actor",
                        "correlation",
                        null,
                        new UserRemovedV1(ID)));
    }

    private static Arrival unknown(long sequence, Held.Reason reason) {
        return new Arrival.Unknown(place("policy-service", sequence), reason, "?");
    }

    private static Arrival.Place place(String source, long sequence) {
        return new Arrival.Place(source, "stream", sequence, ID);
    }

    private static Inbox.Past past(long latest) {
        return past(latest, null);
    }

    private static Inbox.Past past(long latest, @Nullable UUID here) {
        return new Inbox.Past(latest, here, null);
    }

    private static Inbox.Past held(long latest, Held.Reason reason) {
        return new Inbox.Past(latest, null, reason);
    }

    private static Held.@Nullable Reason reason(Judge.Verdict verdict) {
        return verdict instanceof Judge.Verdict.Hold hold ? hold.reason() : null;
    }
}
