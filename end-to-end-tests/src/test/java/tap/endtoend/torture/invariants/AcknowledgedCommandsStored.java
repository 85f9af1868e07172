package tap.endtoend.torture.invariants;

import java.util.function.Predicate;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import tap.endtoend.torture.Journal.Acknowledged;
import tap.endtoend.torture.invariants.Store.Event;
import tap.policy.publishing.StoredPolicy;

/** When the answer has been given, it is true: the event of every acknowledged command is in the store. */
final class AcknowledgedCommandsStored extends Invariant {
    AcknowledgedCommandsStored() {
        super("every acknowledged command is in the store");
    }

    @Override
    Stream<String> violated(Evidence evidence) {
        return evidence.journal().acknowledged().stream()
                .filter(command -> !isStored(command, evidence))
                .map(command -> command + " was acknowledged and is not stored");
    }

    private static boolean isStored(Acknowledged command, Evidence evidence) {
        return switch (command) {
            case Acknowledged.UserCreated created ->
                any(evidence, Service.POLICY, created.userId(), "user-changed.v1", content -> true);
            case Acknowledged.UserRemoved removed ->
                any(evidence, Service.POLICY, removed.userId(), "user-removed.v1", content -> true);
            case Acknowledged.PolicyConfigured configured ->
                any(evidence, Service.POLICY, StoredPolicy.STREAM, "policy-configured.v1", content -> {
                    JsonNode policy = content.path("policy");
                    return policy.path("maximumLifetimeInMinutes").asInt() == configured.maximumLifetime()
                            && policy.path("defaultLength").asInt() == configured.length()
                            && policy.path("state").asText().equals(configured.state());
                });
            case Acknowledged.PassIssued issued ->
                any(
                        evidence,
                        Service.PASS,
                        issued.userId(),
                        "pass-issued.v1",
                        content -> isOf(content, issued.passId())
                                && content.path("isUsableOnce").asBoolean() == (issued.uses() == 1)
                                && content.path("maximumUses").asInt(1) == issued.uses());
            case Acknowledged.PassDeleted deleted ->
                any(
                        evidence,
                        Service.PASS,
                        deleted.userId(),
                        "pass-revoked.v1",
                        content -> isOf(content, deleted.passId()));
            case Acknowledged.PassRedeemed redeemed ->
                events(evidence, Service.REDEMPTION, redeemed.passId(), "pass-redeemed.v1")
                        .anyMatch(event -> event.id().toString().equals(redeemed.jti()));
        };
    }

    private static boolean any(
            Evidence evidence, Service service, String stream, String type, Predicate<JsonNode> condition) {
        return events(evidence, service, stream, type).map(Event::content).anyMatch(condition);
    }

    private static Stream<Event> events(Evidence evidence, Service service, String stream, String type) {
        return evidence.store(service).stream(stream).stream()
                .filter(event -> event.type().equals(type));
    }

    private static boolean isOf(JsonNode content, String pass) {
        return content.path("passId").asText().equals(pass);
    }
}
