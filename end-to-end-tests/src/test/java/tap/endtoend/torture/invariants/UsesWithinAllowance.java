package tap.endtoend.torture.invariants;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import tap.endtoend.torture.Journal.Acknowledged.PassRedeemed;
import tap.endtoend.torture.invariants.Store.Event;

/** Exactly N: a pass is never redeemed more often than it was issued for, its uses are numbered from 1, and none is invented. */
final class UsesWithinAllowance extends Invariant {
    UsesWithinAllowance() {
        super("no pass is used more often than it allows");
    }

    @Override
    Stream<String> violated(Evidence evidence) {
        Map<String, Long> told = evidence.journal().acknowledged().stream()
                .filter(PassRedeemed.class::isInstance)
                .map(PassRedeemed.class::cast)
                .collect(Collectors.groupingBy(PassRedeemed::passId, Collectors.counting()));
        return evidence.store(Service.PASS).events().stream()
                .filter(event -> event.type().equals("pass-issued.v1"))
                .map(Event::content)
                .flatMap(issued -> {
                    String pass = issued.path("passId").asText();
                    return violated(
                            issued,
                            evidence.store(Service.REDEMPTION).stream(pass),
                            told.getOrDefault(pass, 0L),
                            evidence.journal().unknownRedemptions(pass));
                });
    }

    private static Stream<String> violated(JsonNode issued, List<Event> allowance, long told, long unknown) {
        String pass = "pass " + issued.path("passId").asText();
        List<Event> uses = allowance.stream()
                .filter(event -> event.type().equals("pass-redeemed.v1"))
                .toList();
        List<String> violated = new ArrayList<>();
        long allowed = issued.path("isUsableOnce").asBoolean()
                ? 1
                : issued.path("maximumUses").asLong(Long.MAX_VALUE);
        if (uses.size() > allowed) {
            violated.add(pass + " may be used " + allowed + " times and was " + uses.size() + " times");
        }
        for (int i = 0; i < uses.size(); i++) {
            JsonNode use = uses.get(i).content().path("use");
            if (use.asInt() != i + 1) {
                violated.add("use " + (i + 1) + " of " + pass + " is stored as use " + use);
            }
        }
        if (uses.size() > told + unknown) {
            violated.add(pass + " has " + uses.size() + " uses, of which " + told + " were told and " + unknown
                    + " may have been made untold");
        }
        return violated.stream();
    }
}
