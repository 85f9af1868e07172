package tap.pass.publishing;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.SealedPart;
import tap.eventsourcing.StateCodec;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.UnknownEventType;
import tap.pass.domain.IssuedPass;
import tap.pass.domain.Pass;
import tap.pass.domain.PassEvent;
import tap.pass.domain.PassEvent.PassIssued;
import tap.pass.domain.PassEvent.PassRevoked;
import tap.pass.domain.RevocationReason;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tap.pass.domain.Passes.ADA;
import static tap.pass.domain.Passes.FIRST;
import static tap.pass.domain.Passes.NOW;
import static tap.pass.domain.Passes.SECOND;
import static tap.pass.domain.Passes.VERIFIER;
import static tap.pass.domain.Passes.pass;

class StoredPassTest {
    private static final IssuedPass WITH_EVERYTHING =
            new IssuedPass(ADA, SECOND, NOW, NOW.plusSeconds(60), NOW.plusSeconds(3_660), false, 3);

    @Test
    void an_issue_is_written_as_its_public_record_with_the_verifier_beside_it() {
        EventCodec.Written written = StoredPass.EVENTS.write(new PassIssued(WITH_EVERYTHING, 7, FIRST, VERIFIER));
        assertThat(written.type()).isEqualTo("pass-issued.v1");
        assertThat(written.payload())
                .isEqualTo("{\"userId\":\"00000000-0000-4000-8000-00000000ada0\","
                        + "\"passId\":\"00000000-0000-4000-8000-000000000002\","
                        + "\"createdAt\":\"2026-03-01T08:00:00.123456Z\",\"startsAt\":\"2026-03-01T08:01:00.123456Z\","
                        + "\"endsAt\":\"2026-03-01T09:01:00.123456Z\",\"isUsableOnce\":false,\"maximumUses\":3,"
                        + "\"policyRevision\":7,\"replaces\":\"00000000-0000-4000-8000-000000000001\"}");
        assertThat(written.sealed()).isEqualTo(SealedPart.of(VERIFIER.encoded()));
    }

    @ParameterizedTest
    @EnumSource
    void a_revocation_is_written_as_its_public_record(RevocationReason reason) {
        PassRevoked event = new PassRevoked(ADA, FIRST, reason, Instant.parse("2026-03-01T08:00:00Z"));
        EventCodec.Written written = StoredPass.EVENTS.write(event);
        String name = switch (reason) {
            case DELETED -> "deleted";
            case USER_REMOVED -> "userRemoved";
            case USER_INACTIVE -> "userInactive";
        };
        assertThat(written.type()).isEqualTo("pass-revoked.v1");
        assertThat(written.payload())
                .isEqualTo("{\"userId\":\"00000000-0000-4000-8000-00000000ada0\","
                        + "\"passId\":\"00000000-0000-4000-8000-000000000001\",\"reason\":\"" + name
                        + "\",\"revokedAt\":\"2026-03-01T08:00:00Z\"}");
        assertThat(written.sealed()).isNull();
        assertThat(StoredPass.EVENTS.read(written)).isEqualTo(event);
    }

    @Test
    void every_event_can_be_read_again() {
        for (PassEvent event : List.of(
                new PassIssued(WITH_EVERYTHING, 7, FIRST, VERIFIER),
                new PassIssued(pass(FIRST), 0, null, VERIFIER),
                new PassIssued(pass(FIRST), 1, null, null),
                new PassRevoked(ADA, FIRST, RevocationReason.DELETED, NOW))) {
            assertThat(StoredPass.EVENTS.read(StoredPass.EVENTS.write(event))).isEqualTo(event);
        }
    }

    @Test
    void a_type_of_a_newer_release_fails_loudly() {
        assertThatThrownBy(() -> StoredPass.EVENTS.read(new EventCodec.Written("pass-issued.v2", "{}", null)))
                .isInstanceOf(UnknownEventType.class);
    }

    @Test
    void every_head_can_be_read_again_and_holds_no_verifier() {
        for (Pass state : List.of(
                new Pass.Issued(WITH_EVERYTHING),
                new Pass.Issued(pass(FIRST)),
                new Pass.Revoked(pass(FIRST), RevocationReason.USER_INACTIVE, NOW))) {
            StateCodec.Written written = StoredPass.HEAD.write(state);
            assertThat(StoredPass.HEAD.read(written.json(), written.sealed())).isEqualTo(state);
            assertThat(written.sealed()).isNull();
            assertThat(written.ended()).isFalse();
            assertThat(written.partitionKey()).isEqualTo(ADA.toString());
        }
    }

    @Test
    void the_head_has_the_form_that_the_view_reads() {
        assertThat(StoredPass.HEAD
                        .write(new Pass.Revoked(pass(FIRST), RevocationReason.DELETED, NOW))
                        .json())
                .isEqualTo("{\"is\":\"Revoked\",\"pass\":{\"userId\":\"00000000-0000-4000-8000-00000000ada0\","
                        + "\"passId\":\"00000000-0000-4000-8000-000000000001\","
                        + "\"createdAt\":\"2026-03-01T08:00:00.123456Z\",\"startsAt\":null,"
                        + "\"endsAt\":\"2026-03-01T09:00:00.123456Z\",\"isUsableOnce\":false,\"maximumUses\":null},"
                        + "\"reason\":\"DELETED\",\"revokedAt\":\"2026-03-01T08:00:00.123456Z\"}");
    }

    @Test
    void only_the_restricted_topic_carries_the_sealed_verifier() {
        EventCodec.Written written = StoredPass.EVENTS.write(new PassIssued(pass(FIRST), 1, null, VERIFIER));
        StoredEvent event = new StoredEvent(
                1, UUID.randomUUID(), ADA.toString(), 4, ADA.toString(), NOW, new Metadata("a", "c", null), written);
        var records = new PassesPublication("it-").records(event);
        assertThat(records).extracting("topic").containsExactly("it-tap.passes", "it-tap.pass-credentials");
        assertThat(records.get(0).headers().lastHeader("sealed")).isNull();
        assertThat(records.get(1).headers().lastHeader("sealed").value()).isEqualTo(VERIFIER.encoded());
        assertThat(records.get(0).value()).isEqualTo(records.get(1).value());
    }
}
