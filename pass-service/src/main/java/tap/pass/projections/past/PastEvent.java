package tap.pass.projections.past;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.mutiny.sqlclient.Row;
import org.jspecify.annotations.Nullable;
import tap.contract.ContractJson;
import tap.eventsourcing.UnknownEventType;

/**
 * Something that a pass has lived through.
 *
 * @param kind what
 * @param at when it was decided, by the clock of the service that decided
 * @param recordedAt when it became known here: what the order is of
 * @param service which service decided
 * @param version the version of its stream with it
 * @param actor an opaque id of who asked for it, or {@code null}: not known here
 * @param correlationId the request that caused it, or {@code null}: not known here
 * @param policyRevision the policy that was known here when it was recorded
 * @param content the public record
 */
public record PastEvent(
        Kind kind,
        Instant at,
        Instant recordedAt,
        String service,
        long version,
        @Nullable String actor,
        @Nullable String correlationId,
        long policyRevision,
        JsonNode content) {

    /** What can befall a pass. */
    public enum Kind {
        /** It was issued. */
        ISSUED("passIssued", "createdAt"),
        /** Another pass was issued in its place. */
        REPLACED("passReplaced", "createdAt"),
        /** It was taken back. */
        REVOKED("passRevoked", "revokedAt"),
        /** It can be redeemed, within its window. */
        ADMITTED("passAdmitted", "admittedAt"),
        /** It can never be redeemed. */
        REFUSED("admissionRefused", "refusedAt"),
        /** It was used. */
        REDEEMED("passRedeemed", "redeemedAt"),
        /** Its last use was made. */
        SPENT("passSpent", "spentAt"),
        /** Its end came. */
        EXPIRED("passExpired", "expiredAt"),
        /** Guessing closed it. */
        LOCKED("passLocked", "lockedAt"),
        /** It cannot be redeemed any more. */
        WITHDRAWN("passWithdrawn", "withdrawnAt"),
        /** A token that it was redeemed for was revoked. */
        TOKEN_REVOKED("tokenRevoked", "revokedAt"),
        /** What a later version of redemption-service says, and this one does not know. */
        OTHER("other", "");

        // what others say is known by the member that says when: the received record has no type
        private static final List<Kind> RECEIVED =
                List.of(ADMITTED, REFUSED, REDEEMED, SPENT, EXPIRED, LOCKED, WITHDRAWN, TOKEN_REVOKED);

        private final String value;
        private final String when;

        Kind(String value, String when) {
            this.value = value;
            this.when = when;
        }

        /** As answers write it. */
        public String value() {
            return value;
        }

        private static Kind of(@Nullable String type, JsonNode content, UUID passId) {
            return switch (type) {
                case null ->
                    RECEIVED.stream()
                            .filter(kind -> content.hasNonNull(kind.when))
                            .findFirst()
                            .orElse(OTHER);
                case "pass-issued.v1" -> content.path("passId").asText().equals(passId.toString()) ? ISSUED : REPLACED;
                case "pass-revoked.v1" -> REVOKED;
                default -> throw new UnknownEventType(type);
            };
        }
    }

    static PastEvent of(Row row, UUID passId) {
        JsonNode content = content(row.getString("payload"));
        Kind kind = Kind.of(row.getString("type"), content, passId);
        Instant recordedAt = row.getOffsetDateTime("recorded_at").toInstant();
        return new PastEvent(
                kind,
                content.hasNonNull(kind.when)
                        ? Instant.parse(content.path(kind.when).asText())
                        : recordedAt,
                recordedAt,
                row.getString("service"),
                row.getLong("version"),
                row.getString("actor"),
                row.getString("correlation_id"),
                row.getLong("policy_revision"),
                content);
    }

    private static JsonNode content(String payload) {
        try {
            return ContractJson.mapper().readTree(payload);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored payload is no JSON", e);
        }
    }
}
