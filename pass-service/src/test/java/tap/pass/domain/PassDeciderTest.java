package tap.pass.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tap.directory.PolicyTerms;
import tap.directory.UserKind;
import tap.directory.UserTerms;
import tap.pass.domain.PassCommand.DeletePass;
import tap.pass.domain.PassCommand.IssuePass;
import tap.pass.domain.PassCommand.RevokePassOfUser;
import tap.pass.domain.PassEvent.PassIssued;
import tap.pass.domain.PassEvent.PassRevoked;
import tap.testkit.DeciderSpecification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tap.pass.domain.Passes.ADA;
import static tap.pass.domain.Passes.FIRST;
import static tap.pass.domain.Passes.NOTHING_SPECIAL;
import static tap.pass.domain.Passes.NOW;
import static tap.pass.domain.Passes.ONE_TIME_POLICY;
import static tap.pass.domain.Passes.POLICY;
import static tap.pass.domain.Passes.SECOND;
import static tap.pass.domain.Passes.USER;
import static tap.pass.domain.Passes.VERIFIER;
import static tap.pass.domain.Passes.delete;
import static tap.pass.domain.Passes.deleted;
import static tap.pass.domain.Passes.issue;
import static tap.pass.domain.Passes.issueTo;
import static tap.pass.domain.Passes.issued;
import static tap.pass.domain.Passes.pass;

class PassDeciderTest extends DeciderSpecification<PassCommand, Pass, PassEvent, PassRejection> {
    PassDeciderTest() {
        super(new PassDecider());
    }

    @Nested
    class WhenNeverIssued {
        @Test
        void issuing_takes_from_the_policy_what_was_not_asked_for() {
            given().when(issue(NOTHING_SPECIAL)).then(new PassIssued(pass(SECOND), 7, null, VERIFIER));
        }

        @Test
        void a_pass_with_a_start_lasts_from_its_start() {
            Instant start = NOW.plus(Duration.ofDays(2));
            given().when(issue(new PassRequest(start, 480, null, null)))
                    .then(new PassIssued(
                            new IssuedPass(ADA, SECOND, NOW, start, start.plus(Duration.ofHours(8)), false, null),
                            7,
                            null,
                            VERIFIER));
        }

        @ParameterizedTest
        @CsvSource({
            // what was asked for: once, uses; what becomes of it: once, uses; N = nothing said
            "N, N, false, N",
            "true, N, true, 1",
            "false, N, false, N",
            "N, 1, true, 1",
            "true, 1, true, 1",
            "N, 2, false, 2",
            "false, 1000, false, 1000"
        })
        void uses_follow_from_what_was_said(String once, String uses, boolean becomesOnce, String becomesUses) {
            given().when(issue(new PassRequest(null, null, bool(once), number(uses))))
                    .then(new PassIssued(
                            new IssuedPass(
                                    ADA,
                                    SECOND,
                                    NOW,
                                    null,
                                    NOW.plus(Duration.ofHours(1)),
                                    becomesOnce,
                                    number(becomesUses)),
                            7,
                            null,
                            VERIFIER));
        }

        @Test
        void a_one_time_policy_makes_one_time_passes() {
            given().when(issue(ONE_TIME_POLICY, NOTHING_SPECIAL))
                    .then(new PassIssued(
                            new IssuedPass(ADA, SECOND, NOW, null, NOW.plus(Duration.ofHours(1)), true, 1),
                            8,
                            null,
                            VERIFIER));
        }

        @ParameterizedTest
        @CsvSource({"false, N", "N, 2", "false, 2"})
        void a_one_time_policy_refuses_several_uses(String once, String uses) {
            given().when(issue(ONE_TIME_POLICY, new PassRequest(null, null, bool(once), number(uses))))
                    .thenRejected(new PassRejection.MultipleUseNotAllowed());
        }

        @ParameterizedTest
        @CsvSource({"true, 2", "false, 1"})
        void uses_that_contradict_each_other_are_refused(boolean once, int uses) {
            given().when(issue(new PassRequest(null, null, once, uses)))
                    .thenRejected(new PassRejection.MaximumUsesContradictory(once, uses));
        }

        @ParameterizedTest
        @ValueSource(ints = {-1, 0, 1001, Integer.MAX_VALUE})
        void a_number_of_uses_that_no_pass_can_have_is_refused(int uses) {
            given().when(issue(new PassRequest(null, null, null, uses)))
                    .thenRejected(new PassRejection.MaximumUsesOutOfRange(1, 1_000));
        }

        @ParameterizedTest
        @ValueSource(ints = {Integer.MIN_VALUE, 0, 29, 481, Integer.MAX_VALUE})
        void a_lifetime_outside_of_the_policy_is_refused(int minutes) {
            given().when(issue(new PassRequest(null, minutes, null, null)))
                    .thenRejected(new PassRejection.LifetimeOutOfRange(30, 480));
        }

        @ParameterizedTest
        @ValueSource(ints = {30, 480})
        void the_limits_of_the_lifetime_are_within(int minutes) {
            given().when(issue(new PassRequest(null, minutes, null, null)))
                    .then(new PassIssued(
                            new IssuedPass(ADA, SECOND, NOW, null, NOW.plus(Duration.ofMinutes(minutes)), false, null),
                            7,
                            null,
                            VERIFIER));
        }

        @Test
        void a_start_in_the_past_has_a_minute_of_grace() {
            Instant start = NOW.minusSeconds(60);
            given().when(issue(new PassRequest(start, null, null, null)))
                    .then(new PassIssued(
                            new IssuedPass(ADA, SECOND, NOW, start, start.plus(Duration.ofHours(1)), false, null),
                            7,
                            null,
                            VERIFIER));
            given().when(issue(new PassRequest(start.minusNanos(1), null, null, null)))
                    .thenRejected(new PassRejection.StartInThePast());
        }

        @ParameterizedTest
        @ValueSource(strings = {"2026-03-31T08:00:00.123457Z", "9999-12-31T23:59:59Z", "+1000000000-12-31T23:59:59Z"})
        void a_start_more_than_30_days_ahead_is_refused(Instant start) {
            given().when(issue(new PassRequest(start, null, null, null)))
                    .thenRejected(new PassRejection.StartTooFarAhead(Duration.ofDays(30)));
        }

        @Test
        void nobody_unknown_external_untargeted_inactive_or_fenced_is_issued_one() {
            given().when(issueTo(null)).thenRejected(new PassRejection.UserUnknown());
            given().when(issueTo(user(true, UserKind.EXTERNAL_GUEST, true, false)))
                    .thenRejected(new PassRejection.UserExternalGuest());
            given().when(issueTo(user(true, UserKind.MEMBER, false, false)))
                    .thenRejected(new PassRejection.UserNotTargeted());
            given().when(issueTo(user(false, UserKind.MEMBER, true, false)))
                    .thenRejected(new PassRejection.UserInactive());
            given().when(issueTo(user(true, UserKind.MEMBER, true, true))).thenRejected(new PassRejection.UserFenced());
        }

        @Test
        void an_internal_guest_may_have_one() {
            given().when(issueTo(user(true, UserKind.INTERNAL_GUEST, true, false)))
                    .then(new PassIssued(pass(SECOND), 7, null, VERIFIER));
        }

        @Test
        void a_disabled_policy_allows_nobody_one() {
            given().when(issue(new PolicyTerms(9, false, 60, 30, 480, 8, false), NOTHING_SPECIAL))
                    .thenRejected(new PassRejection.PolicyDisabled());
        }

        @Test
        void refusing_needs_no_verifier_and_issuing_does() {
            IssuePass refused = new IssuePass(null, POLICY, NOTHING_SPECIAL, false, null, null, SECOND, null, NOW);
            given().when(refused).thenRejected(new PassRejection.UserUnknown());
            IssuePass incomplete = new IssuePass(USER, POLICY, NOTHING_SPECIAL, false, null, null, SECOND, null, NOW);
            assertThat(PassDecider.needsNoCode(refused, new Pass.NeverIssued())).isTrue();
            assertThat(PassDecider.needsNoCode(incomplete, new Pass.NeverIssued()))
                    .isFalse();
            assertThatThrownBy(() -> given().when(incomplete)).isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void a_request_that_has_issued_a_pass_before_issues_no_other() {
            IssuePass repeated = repeating(new EarlierIssue(pass(FIRST), true));
            assertThat(PassDecider.needsNoCode(repeated, new Pass.NeverIssued()))
                    .isTrue();
            given().when(repeated).thenNothing();
            given(issued(FIRST)).when(repeated).thenNothing();
            given(issued(FIRST), deleted(FIRST)).when(repeated).thenNothing();
            given().when(repeating(new EarlierIssue(pass(FIRST), false)))
                    .thenRejected(new PassRejection.KeyOfAnotherRequest());
        }

        @Test
        void its_repetition_is_answered_whatever_the_policy_says_by_now() {
            PolicyTerms disabled = new PolicyTerms(9, false, 60, 30, 480, 8, false);
            given(issued(FIRST))
                    .when(new IssuePass(
                            USER,
                            disabled,
                            NOTHING_SPECIAL,
                            true,
                            Duration.ofMinutes(1),
                            new EarlierIssue(pass(FIRST), true),
                            FIRST,
                            null,
                            NOW))
                    .thenNothing();
        }

        @Test
        void who_has_issued_as_many_as_one_may_issues_no_more_for_a_while() {
            Duration wait = Duration.ofMinutes(7);
            IssuePass limited = new IssuePass(USER, POLICY, NOTHING_SPECIAL, false, wait, null, SECOND, null, NOW);
            assertThat(PassDecider.needsNoCode(limited, new Pass.NeverIssued())).isTrue();
            given().when(limited).thenRejected(new PassRejection.IssuingLimitReached(wait));
        }

        private IssuePass repeating(EarlierIssue earlier) {
            return new IssuePass(USER, POLICY, NOTHING_SPECIAL, false, null, earlier, FIRST, null, NOW);
        }

        @Test
        void there_is_nothing_to_delete_or_revoke() {
            given().when(delete(FIRST)).thenRejected(new PassRejection.PassUnknown(FIRST));
            given().when(new DeletePass(null, FIRST, false, NOW)).thenRejected(new PassRejection.UserUnknown());
            given().when(new RevokePassOfUser(RevocationReason.USER_REMOVED, NOW))
                    .thenNothing();
        }
    }

    @Nested
    class WhenIssued {
        @Test
        void issuing_replaces_in_the_same_event() {
            given(issued(FIRST)).when(issue(NOTHING_SPECIAL)).then(new PassIssued(pass(SECOND), 7, FIRST, VERIFIER));
        }

        @ParameterizedTest
        @CsvSource({
            // seconds before its end, whether it is kept
            "1, true",
            "0, false",
            "-1, false"
        })
        void a_pass_that_may_still_be_used_is_kept_if_it_shall_be(int before, boolean kept) {
            Instant at = pass(FIRST).endsAt().minusSeconds(before);
            IssuePass sparing = new IssuePass(USER, POLICY, NOTHING_SPECIAL, true, null, null, SECOND, VERIFIER, at);
            assertThat(PassDecider.needsNoCode(sparing, new Pass.Issued(pass(FIRST))))
                    .isEqualTo(kept);
            if (kept) {
                given(issued(FIRST)).when(sparing).thenRejected(new PassRejection.PassKept(FIRST));
            } else {
                given(issued(FIRST))
                        .when(sparing)
                        .then(new PassIssued(
                                new IssuedPass(ADA, SECOND, at, null, at.plus(Duration.ofHours(1)), false, null),
                                7,
                                FIRST,
                                VERIFIER));
            }
        }

        @Test
        void deleting_revokes() {
            given(issued(FIRST)).when(delete(FIRST)).then(deleted(FIRST));
        }

        @Test
        void deleting_another_pass_finds_none() {
            given(issued(FIRST), issued(SECOND)).when(delete(FIRST)).thenRejected(new PassRejection.PassUnknown(FIRST));
        }

        @ParameterizedTest
        @CsvSource({"USER_REMOVED", "USER_INACTIVE"})
        void a_user_who_is_gone_or_inactive_loses_it(RevocationReason reason) {
            given(issued(FIRST)).when(new RevokePassOfUser(reason, NOW)).then(new PassRevoked(ADA, FIRST, reason, NOW));
        }
    }

    @Nested
    class WhenRevoked {
        @Test
        void deleting_again_changes_nothing_until_it_is_withdrawn() {
            given(issued(FIRST), deleted(FIRST)).when(delete(FIRST)).thenNothing();
            given(issued(FIRST), deleted(FIRST))
                    .when(new DeletePass(USER, FIRST, true, NOW))
                    .thenRejected(new PassRejection.PassUnknown(FIRST));
        }

        @Test
        void deleting_another_pass_finds_none() {
            given(issued(FIRST), deleted(FIRST))
                    .when(delete(SECOND))
                    .thenRejected(new PassRejection.PassUnknown(SECOND));
        }

        @Test
        void there_is_nothing_to_keep() {
            given(issued(FIRST), deleted(FIRST))
                    .when(new IssuePass(USER, POLICY, NOTHING_SPECIAL, true, null, null, SECOND, VERIFIER, NOW))
                    .then(new PassIssued(pass(SECOND), 7, null, VERIFIER));
        }

        @Test
        void issuing_replaces_nothing() {
            given(issued(FIRST), deleted(FIRST))
                    .when(issue(NOTHING_SPECIAL))
                    .then(new PassIssued(pass(SECOND), 7, null, VERIFIER));
        }

        @Test
        void revoking_again_changes_nothing() {
            given(issued(FIRST), deleted(FIRST))
                    .when(new RevokePassOfUser(RevocationReason.USER_REMOVED, NOW))
                    .thenNothing();
        }
    }

    private static UserTerms user(boolean active, UserKind kind, boolean targeted, boolean fenced) {
        return new UserTerms(ADA, active, kind, List.of(), targeted, fenced);
    }

    private static @Nullable Boolean bool(String text) {
        return text.equals("N") ? null : Boolean.valueOf(text);
    }

    private static @Nullable Integer number(String text) {
        return text.equals("N") ? null : Integer.valueOf(text);
    }
}
