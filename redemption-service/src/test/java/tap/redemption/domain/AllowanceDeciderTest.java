package tap.redemption.domain;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tap.redemption.domain.AllowanceCommand.Admit;
import tap.redemption.domain.AllowanceCommand.Expire;
import tap.redemption.domain.AllowanceCommand.Lock;
import tap.redemption.domain.AllowanceCommand.Redeem;
import tap.redemption.domain.AllowanceCommand.Refuse;
import tap.redemption.domain.AllowanceCommand.RevokeToken;
import tap.redemption.domain.AllowanceCommand.Withdraw;
import tap.redemption.domain.AllowanceEvent.AdmissionRefused;
import tap.redemption.domain.AllowanceEvent.PassExpired;
import tap.redemption.domain.AllowanceEvent.PassLocked;
import tap.redemption.domain.AllowanceEvent.PassSpent;
import tap.redemption.domain.AllowanceEvent.PassWithdrawn;
import tap.testkit.DeciderSpecification;

import static org.assertj.core.api.Assertions.assertThat;
import static tap.redemption.domain.Passes.END;
import static tap.redemption.domain.Passes.NOON;
import static tap.redemption.domain.Passes.PASS;
import static tap.redemption.domain.Passes.USER;
import static tap.redemption.domain.Passes.VERIFIER;
import static tap.redemption.domain.Passes.admitted;
import static tap.redemption.domain.Passes.jti;
import static tap.redemption.domain.Passes.oneTime;
import static tap.redemption.domain.Passes.redeem;
import static tap.redemption.domain.Passes.redeemed;
import static tap.redemption.domain.Passes.startingAt;
import static tap.redemption.domain.Passes.unlimited;
import static tap.redemption.domain.Passes.uses;

class AllowanceDeciderTest
        extends DeciderSpecification<AllowanceCommand, Allowance, AllowanceEvent, AllowanceRejection> {

    private static final Instant LATER = NOON.plusSeconds(60);
    private static final Instant BEFORE_END = END.minusNanos(1_000);

    AllowanceDeciderTest() {
        super(new AllowanceDecider());
    }

    private static Withdraw withdraw(Instant at) {
        return new Withdraw(USER, PASS, at);
    }

    private static PassWithdrawn withdrawn(FinalState was, int uses, Instant at) {
        return new PassWithdrawn(USER, PASS, was, uses, at);
    }

    @Nested
    class WhenNotAdmitted {
        @Test
        void admitting_opens_it() {
            given().when(new Admit(oneTime(), VERIFIER, NOON))
                    .then(admitted(oneTime()))
                    .leadingTo(new Allowance.Open(oneTime(), 0, VERIFIER, List.of()));
        }

        @Test
        void admitting_after_the_end_is_refused_for_good() {
            given().when(new Admit(oneTime(), VERIFIER, END))
                    .then(new AdmissionRefused(USER, PASS, RefusalReason.EXPIRED, END))
                    .leadingTo(new Allowance.Refused(USER, PASS, RefusalReason.EXPIRED));
        }

        @Test
        void refusing_is_for_good() {
            given().when(new Refuse(USER, PASS, RefusalReason.RESTORED, NOON))
                    .then(new AdmissionRefused(USER, PASS, RefusalReason.RESTORED, NOON))
                    .leadingTo(new Allowance.Refused(USER, PASS, RefusalReason.RESTORED));
            given(new AdmissionRefused(USER, PASS, RefusalReason.RESTORED, NOON))
                    .when(new Admit(oneTime(), VERIFIER, LATER))
                    .thenNothing();
        }

        @Test
        void redeeming_finds_no_pass() {
            given().when(redeem(1, NOON)).thenRejected(AllowanceRejection.NO_PASS);
        }

        @Test
        void withdrawing_is_answered() {
            given().when(withdraw(NOON))
                    .then(withdrawn(FinalState.UNKNOWN, 0, NOON))
                    .leadingTo(Allowance.Withdrawn.class);
        }

        @Test
        void expiring_and_locking_do_nothing() {
            given().when(new Expire(END)).thenNothing();
            given().when(new Lock(10, NOON)).thenNothing();
        }
    }

    @Nested
    class WhenARequestIsRepeated {
        private static final RequestKey KEY = new RequestKey("key", "content");
        private static final Instant LAST =
                NOON.plus(AllowanceDecider.REPEATABLE_FOR).minusNanos(1_000);

        @Test
        void a_use_keeps_its_key() {
            given(admitted(oneTime()))
                    .when(redeem(1, KEY, NOON))
                    .then(redeemed(oneTime(), 1, KEY, NOON), new PassSpent(USER, PASS, 1, NOON))
                    .leadingTo(new Allowance.Spent(oneTime(), 1, VERIFIER, List.of(new KeyedUse(KEY, jti(1), NOON))));
        }

        @Test
        void nothing_happens_again_for_ten_minutes() {
            given(admitted(uses(3)), redeemed(uses(3), 1, KEY, NOON))
                    .when(redeem(2, KEY, LAST))
                    .thenNothing();
            given(admitted(uses(3)), redeemed(uses(3), 1, KEY, NOON))
                    .when(redeem(2, KEY, LAST.plusNanos(1_000)))
                    .then(redeemed(uses(3), 2, KEY, LAST.plusNanos(1_000)));
        }

        @Test
        void nor_when_the_pass_is_spent() {
            given(admitted(oneTime()), redeemed(oneTime(), 1, KEY, NOON), new PassSpent(USER, PASS, 1, NOON))
                    .when(redeem(2, KEY, LAST))
                    .thenNothing();
            given(admitted(oneTime()), redeemed(oneTime(), 1, KEY, NOON), new PassSpent(USER, PASS, 1, NOON))
                    .when(redeem(2, KEY, LAST.plusNanos(1_000)))
                    .thenRejected(AllowanceRejection.SPENT);
        }

        @Test
        void policy_and_directory_were_obeyed_the_first_time_but_a_fence_holds() {
            given(admitted(uses(3)), redeemed(uses(3), 1, KEY, NOON))
                    .when(new Redeem(
                            true, new Circumstances(false, true, false, false, false), "demo", jti(2), KEY, LAST))
                    .thenNothing();
            given(admitted(uses(3)), redeemed(uses(3), 1, KEY, NOON))
                    .when(new Redeem(true, new Circumstances(true, false, true, true, true), "demo", jti(2), KEY, LAST))
                    .thenRejected(AllowanceRejection.FENCED);
        }

        @Test
        void a_wrong_code_is_refused() {
            given(admitted(uses(3)), redeemed(uses(3), 1, KEY, NOON))
                    .when(new Redeem(false, Passes.favourable(), "demo", jti(2), KEY, LATER))
                    .thenRejected(AllowanceRejection.WRONG_CODE);
            given(admitted(oneTime()), redeemed(oneTime(), 1, KEY, NOON), new PassSpent(USER, PASS, 1, NOON))
                    .when(new Redeem(false, Passes.favourable(), "demo", jti(2), KEY, LATER))
                    .thenRejected(AllowanceRejection.SPENT);
        }

        @Test
        void the_end_and_a_withdrawal_end_it() {
            given(
                            admitted(oneTime()),
                            redeemed(oneTime(), 1, KEY, BEFORE_END),
                            new PassSpent(USER, PASS, 1, BEFORE_END))
                    .when(redeem(2, KEY, END))
                    .thenRejected(AllowanceRejection.SPENT);
            given(admitted(uses(3)), redeemed(uses(3), 1, KEY, NOON), withdrawn(FinalState.OPEN, 1, NOON))
                    .when(redeem(2, KEY, LATER))
                    .thenRejected(AllowanceRejection.WITHDRAWN);
        }

        @Test
        void the_key_of_something_else_is_refused() {
            given(admitted(uses(3)), redeemed(uses(3), 1, KEY, NOON))
                    .when(redeem(2, new RequestKey("key", "other"), LATER))
                    .thenRejected(AllowanceRejection.KEY_REUSED);
        }

        @Test
        void only_so_many_uses_are_kept() {
            AllowanceDecider decider = new AllowanceDecider();
            Allowance allowance = decider.evolve(decider.initial(), admitted(unlimited()));
            for (int use = 1; use <= AllowanceDecider.MOST_REPEATABLE + 1; use++) {
                allowance =
                        decider.evolve(allowance, redeemed(unlimited(), use, new RequestKey("key " + use, ""), NOON));
            }
            assertThat(((Allowance.Open) allowance).repeatable())
                    .hasSize(AllowanceDecider.MOST_REPEATABLE)
                    .extracting(KeyedUse::jti)
                    .startsWith(jti(2));
            allowance = decider.evolve(allowance, redeemed(unlimited(), 34, LAST.plusNanos(1_000)));
            assertThat(((Allowance.Open) allowance).repeatable()).isEmpty();
        }
    }

    @Nested
    class WhenOpen {
        @Test
        void refusing_changes_nothing() {
            given(admitted(oneTime()))
                    .when(new Refuse(USER, PASS, RefusalReason.RESTORED, LATER))
                    .thenNothing();
        }

        @Test
        void redeeming_a_one_time_pass_spends_it() {
            given(admitted(oneTime()))
                    .when(redeem(1, LATER))
                    .then(redeemed(oneTime(), 1, LATER), new PassSpent(USER, PASS, 1, LATER))
                    .leadingTo(new Allowance.Spent(oneTime(), 1, VERIFIER, List.of()));
        }

        @Test
        void redeeming_counts_the_uses() {
            given(admitted(uses(3)), redeemed(uses(3), 1, NOON))
                    .when(redeem(2, LATER))
                    .then(redeemed(uses(3), 2, LATER))
                    .leadingTo(new Allowance.Open(uses(3), 2, VERIFIER, List.of()));
        }

        @Test
        void redeeming_the_last_use_spends_the_pass() {
            given(admitted(uses(2)), redeemed(uses(2), 1, NOON))
                    .when(redeem(2, LATER))
                    .then(redeemed(uses(2), 2, LATER), new PassSpent(USER, PASS, 2, LATER))
                    .leadingTo(Allowance.Spent.class);
        }

        @Test
        void a_pass_without_limit_stays_open() {
            given(admitted(unlimited()), redeemed(unlimited(), 1, NOON))
                    .when(redeem(2, BEFORE_END))
                    .then(redeemed(unlimited(), 2, BEFORE_END))
                    .leadingTo(Allowance.Open.class);
        }

        @Test
        void a_wrong_code_is_refused() {
            given(admitted(oneTime()))
                    .when(new Redeem(false, Passes.favourable(), "demo", jti(1), null, LATER))
                    .thenRejected(AllowanceRejection.WRONG_CODE);
        }

        @Test
        void the_start_is_inside_and_what_is_before_is_not() {
            given(admitted(startingAt(LATER)))
                    .when(redeem(1, LATER.minusNanos(1_000)))
                    .thenRejected(AllowanceRejection.NOT_YET_VALID);
            given(admitted(startingAt(LATER)))
                    .when(redeem(1, LATER))
                    .then(redeemed(oneTime(), 1, LATER), new PassSpent(USER, PASS, 1, LATER));
        }

        @Test
        void the_end_is_outside_whether_or_not_expiry_was_recorded() {
            given(admitted(oneTime())).when(redeem(1, END)).thenRejected(AllowanceRejection.EXPIRED);
            given(admitted(oneTime()))
                    .when(redeem(1, BEFORE_END))
                    .then(redeemed(oneTime(), 1, BEFORE_END), new PassSpent(USER, PASS, 1, BEFORE_END));
        }

        @ParameterizedTest
        @CsvSource({
            "false, false, true, true, false, POLICY_DISABLED",
            "true, true, true, true, false, MULTI_USE_FORBIDDEN",
            "true, false, false, true, false, USER_INACTIVE",
            "true, false, true, false, false, NOT_TARGETED",
            "true, false, true, true, true, FENCED"
        })
        void policy_and_directory_are_judged_as_they_are_now(
                boolean policyEnabled,
                boolean oneTimeOnly,
                boolean userActive,
                boolean userTargeted,
                boolean fenced,
                AllowanceRejection why) {
            Circumstances now = new Circumstances(policyEnabled, oneTimeOnly, userActive, userTargeted, fenced);
            given(admitted(uses(2)))
                    .when(new Redeem(true, now, "demo", jti(1), null, LATER))
                    .thenRejected(why);
        }

        @Test
        void a_one_time_policy_lets_a_one_time_pass_in() {
            Circumstances now = new Circumstances(true, true, true, true, false);
            given(admitted(oneTime()))
                    .when(new Redeem(true, now, "demo", jti(1), null, LATER))
                    .then(redeemed(oneTime(), 1, LATER), new PassSpent(USER, PASS, 1, LATER));
        }

        @Test
        void expiring_at_the_end_records_it_and_drops_the_verifier() {
            given(admitted(uses(3)), redeemed(uses(3), 1, NOON))
                    .when(new Expire(END))
                    .then(new PassExpired(USER, PASS, 1, END))
                    .leadingTo(new Allowance.Expired(USER, PASS, 1));
        }

        @Test
        void expiring_before_the_end_does_nothing() {
            given(admitted(oneTime())).when(new Expire(BEFORE_END)).thenNothing();
        }

        @Test
        void locking_closes_it() {
            given(admitted(uses(3)), redeemed(uses(3), 1, NOON))
                    .when(new Lock(10, LATER))
                    .then(new PassLocked(USER, PASS, 1, 10, LATER))
                    .leadingTo(new Allowance.Locked(USER, PASS, 1));
        }

        @Test
        void withdrawing_says_that_it_was_open() {
            given(admitted(uses(3)), redeemed(uses(3), 1, NOON))
                    .when(withdraw(LATER))
                    .then(withdrawn(FinalState.OPEN, 1, LATER))
                    .leadingTo(new Allowance.Withdrawn(USER, PASS, FinalState.OPEN, 1));
        }

        @Test
        void withdrawing_after_the_end_says_that_it_was_expired() {
            given(admitted(oneTime())).when(withdraw(END)).then(withdrawn(FinalState.EXPIRED, 0, END));
        }

        @Test
        void admitting_again_does_nothing() {
            given(admitted(oneTime()))
                    .when(new Admit(oneTime(), VERIFIER, LATER))
                    .thenNothing();
        }
    }

    /** The states that no use leads out of. */
    enum Over {
        SPENT(AllowanceRejection.SPENT, FinalState.SPENT, 1),
        EXPIRED(AllowanceRejection.EXPIRED, FinalState.EXPIRED, 0),
        LOCKED(AllowanceRejection.LOCKED, FinalState.LOCKED, 0),
        REFUSED(AllowanceRejection.NOT_ADMITTED, FinalState.EXPIRED, 0),
        RESTORED(AllowanceRejection.NOT_ADMITTED, FinalState.UNKNOWN, 0),
        WITHDRAWN(AllowanceRejection.WITHDRAWN, FinalState.OPEN, 0);

        final AllowanceRejection refusal;
        final FinalState was;
        final int uses;

        Over(AllowanceRejection refusal, FinalState was, int uses) {
            this.refusal = refusal;
            this.was = was;
            this.uses = uses;
        }

        AllowanceEvent[] history() {
            return switch (this) {
                case SPENT ->
                    new AllowanceEvent[] {
                        admitted(oneTime()), redeemed(oneTime(), 1, NOON), new PassSpent(USER, PASS, 1, NOON)
                    };
                case EXPIRED -> new AllowanceEvent[] {admitted(oneTime()), new PassExpired(USER, PASS, 0, END)};
                case LOCKED -> new AllowanceEvent[] {admitted(oneTime()), new PassLocked(USER, PASS, 0, 10, NOON)};
                case REFUSED -> new AllowanceEvent[] {new AdmissionRefused(USER, PASS, RefusalReason.EXPIRED, NOON)};
                case RESTORED -> new AllowanceEvent[] {new AdmissionRefused(USER, PASS, RefusalReason.RESTORED, NOON)};
                case WITHDRAWN -> new AllowanceEvent[] {admitted(oneTime()), withdrawn(FinalState.OPEN, 0, NOON)};
            };
        }
    }

    @Nested
    class WhenOver {
        @ParameterizedTest
        @EnumSource(Over.class)
        void redeeming_is_refused(Over over) {
            given(over.history()).when(redeem(2, LATER)).thenRejected(over.refusal);
        }

        @ParameterizedTest
        @EnumSource(Over.class)
        void withdrawing_is_answered_all_the_same(Over over) {
            given(over.history()).when(withdraw(LATER)).then(withdrawn(over.was, over.uses, LATER));
        }

        @ParameterizedTest
        @EnumSource(Over.class)
        void nothing_else_happens_any_more(Over over) {
            given(over.history()).when(new Expire(END)).thenNothing();
            given(over.history()).when(new Lock(10, LATER)).thenNothing();
            given(over.history()).when(new Admit(oneTime(), VERIFIER, LATER)).thenNothing();
        }
    }

    @Nested
    class WhenATokenIsRevoked {
        private static final AllowanceEvent REVOKED =
                new AllowanceEvent.TokenRevoked(USER, PASS, "demo", jti(1), LATER);

        private static RevokeToken revoke(TokenStanding standing, Instant at) {
            return new RevokeToken(jti(1), "demo", NOON.plusSeconds(600), standing, at);
        }

        private static RevokeToken revoke() {
            return revoke(TokenStanding.ISSUED, LATER);
        }

        @Test
        void it_is_recorded_and_the_pass_stays_what_it_was() {
            given(admitted(uses(2)), redeemed(uses(2), 1, NOON))
                    .when(revoke())
                    .then(REVOKED)
                    .leadingTo(new Allowance.Open(uses(2), 1, VERIFIER, List.of()));
            given(admitted(oneTime()), redeemed(oneTime(), 1, NOON), new PassSpent(USER, PASS, 1, NOON))
                    .when(revoke())
                    .then(REVOKED)
                    .leadingTo(new Allowance.Spent(oneTime(), 1, VERIFIER, List.of()));
            given(admitted(uses(2)), redeemed(uses(2), 1, NOON), new PassLocked(USER, PASS, 1, 10, NOON))
                    .when(revoke())
                    .then(REVOKED)
                    .leadingTo(new Allowance.Locked(USER, PASS, 1));
            given(admitted(uses(2)), redeemed(uses(2), 1, NOON), new PassExpired(USER, PASS, 1, NOON))
                    .when(revoke())
                    .then(REVOKED)
                    .leadingTo(new Allowance.Expired(USER, PASS, 1));
        }

        @Test
        void it_gives_no_use_back() {
            given(admitted(oneTime()), redeemed(oneTime(), 1, NOON), new PassSpent(USER, PASS, 1, NOON), REVOKED)
                    .when(redeem(2, LATER))
                    .thenRejected(AllowanceRejection.SPENT);
            given(admitted(uses(2)), redeemed(uses(2), 1, NOON), REVOKED)
                    .when(redeem(2, LATER))
                    .then(redeemed(uses(2), 2, LATER), new PassSpent(USER, PASS, 2, LATER));
        }

        @ParameterizedTest
        @EnumSource(
                value = TokenStanding.class,
                names = {"UNKNOWN", "REVOKED"})
        void what_is_unknown_or_revoked_needs_nothing(TokenStanding standing) {
            given(admitted(uses(2)), redeemed(uses(2), 1, NOON))
                    .when(revoke(standing, LATER))
                    .thenNothing();
        }

        @Test
        void a_token_that_is_over_needs_nothing() {
            given(admitted(uses(2)), redeemed(uses(2), 1, NOON))
                    .when(revoke(TokenStanding.ISSUED, NOON.plusSeconds(600)))
                    .thenNothing();
        }

        @Test
        void nor_does_one_of_a_pass_that_is_not_in() {
            given().when(revoke()).thenNothing();
            given(new AdmissionRefused(USER, PASS, RefusalReason.RESTORED, NOON))
                    .when(revoke())
                    .thenNothing();
            given(admitted(uses(2)), redeemed(uses(2), 1, NOON), withdrawn(FinalState.OPEN, 1, NOON))
                    .when(revoke())
                    .thenNothing();
        }
    }
}
