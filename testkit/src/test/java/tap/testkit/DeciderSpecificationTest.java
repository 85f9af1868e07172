package tap.testkit;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tap.testkit.Lamp.Command.SwitchOff;
import tap.testkit.Lamp.Command.SwitchOn;
import tap.testkit.Lamp.Event.BurntOut;
import tap.testkit.Lamp.Event.SwitchedOff;
import tap.testkit.Lamp.Event.SwitchedOn;
import tap.testkit.Lamp.Rejection.BulbBurnt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DeciderSpecificationTest extends DeciderSpecification<Lamp.Command, Lamp, Lamp.Event, Lamp.Rejection> {
    DeciderSpecificationTest() {
        super(new Lamp.Rules());
    }

    @Nested
    class WhenDark {
        @Test
        void switching_on_makes_it_bright() {
            given().when(new SwitchOn(3)).then(new SwitchedOn(1)).leadingTo(new Lamp.Bright(1));
        }

        @Test
        void the_history_is_folded_before_the_command() {
            given(new SwitchedOn(1), new SwitchedOff())
                    .when(new SwitchOn(1))
                    .then(new BurntOut())
                    .leadingTo(Lamp.Burnt.class);
        }

        @Test
        void another_outcome_fails() {
            assertFails(() -> given().when(new SwitchOn(3)).then(new SwitchedOn(2)));
            assertFails(() -> given().when(new SwitchOn(3)).then(new SwitchedOn(1), new SwitchedOff()));
            assertFails(
                    () -> given().when(new SwitchOn(3)).then(new SwitchedOn(1)).leadingTo(new Lamp.Dark(1)));
            assertFails(() -> given().when(new SwitchOn(3)).thenNothing());
            assertFails(() -> given().when(new SwitchOn(3)).thenRejected(new BulbBurnt()));
            assertFails(() -> given().when(new SwitchOn(3)).thenRejected(BulbBurnt.class));
        }

        @Test
        void expecting_no_event_must_be_said() {
            assertThatThrownBy(() -> given().when(new SwitchOff()).then())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("thenNothing()");
        }
    }

    @Nested
    class WhenBright {
        @Test
        void switching_on_again_changes_nothing() {
            given(new SwitchedOn(1)).when(new SwitchOn(3)).thenNothing();
        }

        @Test
        void the_state_can_be_looked_at() {
            given(new SwitchedOn(1)).thenState(new Lamp.Bright(1));
            given(new SwitchedOn(1)).thenState(lamp -> assertThat(lamp).isInstanceOf(Lamp.Bright.class));
            assertFails(() -> given(new SwitchedOn(1)).thenState(new Lamp.Dark(1)));
        }

        @Test
        void events_can_be_looked_at() {
            given(new SwitchedOn(1))
                    .when(new SwitchOff())
                    .thenEvents(events -> assertThat(events).hasSize(1));
        }
    }

    @Nested
    class WhenBurnt {
        @Test
        void everything_is_rejected() {
            given(new BurntOut()).when(new SwitchOn(3)).thenRejected(new BulbBurnt());
            given(new BurntOut()).when(new SwitchOn(3)).thenRejected(BulbBurnt.class);
            given(new BurntOut()).when(new SwitchOff()).thenRejected(rejection -> rejection instanceof BulbBurnt);
        }

        @Test
        void another_outcome_fails() {
            assertFails(() -> given(new BurntOut()).when(new SwitchOn(3)).thenNothing());
            assertFails(() -> given(new BurntOut()).when(new SwitchOn(3)).then(new SwitchedOn(1)));
            assertFails(() -> given(new BurntOut()).when(new SwitchOn(3)).thenRejected(rejection -> false));
        }
    }

    private static void assertFails(org.assertj.core.api.ThrowableAssert.ThrowingCallable specification) {
        assertThatThrownBy(specification).isInstanceOf(AssertionError.class);
    }
}
