package tap.endtoend.torture.invariants;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import tap.endtoend.torture.invariants.Store.Event;

/** redemption-service knows exactly the passes that were issued, on their terms, and has let go of exactly those that were taken back. */
final class PassesEqualAllowances extends Invariant {
    private static final List<String> TERMS =
            List.of("userId", "passId", "startsAt", "endsAt", "isUsableOnce", "maximumUses");

    PassesEqualAllowances() {
        super("redemption-service knows the passes that were issued, and no other");
    }

    @Override
    Stream<String> violated(Evidence evidence) {
        List<String> violated = new ArrayList<>();
        Store allowances = evidence.store(Service.REDEMPTION);
        Map<String, Event> issued = new LinkedHashMap<>();
        Set<String> takenBack = new HashSet<>();
        for (Event event : evidence.store(Service.PASS).events()) {
            String pass = event.content().path("passId").asText();
            if (event.type().equals("pass-issued.v1")) {
                issued.put(pass, event);
                takenBack.add(event.content().path("replaces").asText());
            } else {
                takenBack.add(pass);
            }
        }
        issued.forEach((pass, event) -> {
            List<Event> allowance = allowances.stream(pass);
            if (allowance.isEmpty()) {
                violated.add("redemption-service does not know pass " + pass);
                return;
            }
            if (!isAnswer(allowance.getFirst(), event)) {
                violated.add("pass " + pass + " was issued as " + event.content() + " and entered as "
                        + allowance.getFirst().content());
            }
            boolean withdrawn = allowance.getLast().type().equals("pass-withdrawn.v1");
            if (withdrawn != takenBack.contains(pass)) {
                violated.add("pass " + pass + (withdrawn ? " was withdrawn and not" : " was not withdrawn and yet")
                        + " taken back");
            }
        });
        allowances.streams().keySet().stream()
                .filter(pass -> !issued.containsKey(pass))
                .forEach(pass -> violated.add("redemption-service knows pass " + pass + ", which nobody has issued"));
        return violated.stream();
    }

    private static boolean isAnswer(Event first, Event issued) {
        JsonNode admitted = first.content();
        return switch (first.type()) {
            case "pass-admitted.v1" ->
                TERMS.stream()
                                .allMatch(term -> admitted.path(term)
                                        .equals(issued.content().path(term)))
                        && admitted.path("issuedVersion").asLong() == issued.version()
                        && Objects.equals(
                                first.written().sealed(), issued.written().sealed());
            case "admission-refused.v1" -> true;
            default -> false;
        };
    }
}
