package tap.localstack.demo;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import tap.contract.ContractJson;

/** Writes the story to the terminal: steps, requests, answers and events, each in its own shape. */
final class Stage {
    private static final int WIDEST = 180;

    private final PrintWriter out;
    private int steps;

    Stage(PrintWriter out) {
        this.out = out;
    }

    void step(String title) {
        out.printf("%n%d. %s%n", ++steps, title);
        out.flush();
    }

    void say(String line) {
        out.println(line);
        out.flush();
    }

    void request(String method, String path, @Nullable String body) {
        out.printf("   → %s %s%n", method, path);
        if (body != null && !body.isEmpty()) {
            out.printf("     %s%n", body);
        }
        out.flush();
    }

    void answer(Exchange.Answer answer) {
        String confirmation = answer.confirmation() == null ? "" : ", Tap-Confirmation: " + answer.confirmation();
        out.printf(Locale.ROOT, "   ← %d in %.1f ms%s%n", answer.status(), answer.millis(), confirmation);
        for (Map.Entry<String, String> member : members(answer.body()).entrySet()) {
            out.printf("     %s: %s%n", member.getKey(), shortened(member.getValue()));
        }
        out.flush();
    }

    void event(ArrivedEvent event, long began) {
        out.printf(
                Locale.ROOT,
                "   ⚡ %s after %.1f ms on %s/%d, version %d%n     %s%n",
                event.type(),
                (event.arrived() - began) / 1e6,
                event.topic(),
                event.partition(),
                event.sequence(),
                shortened(event.data()));
        out.flush();
    }

    private static Map<String, String> members(String body) {
        Map<String, String> members = new TreeMap<>();
        if (body.isBlank()) {
            return members;
        }
        try {
            JsonNode tree = ContractJson.mapper().readTree(body);
            if (tree instanceof ObjectNode object) {
                object.properties().forEach(member -> {
                    if (!member.getKey().startsWith("@odata")
                            && !member.getValue().isNull()) {
                        members.put(member.getKey(), text(member.getValue()));
                    }
                });
                return members;
            }
        } catch (JsonProcessingException notJson) {
            // Shown as it is.
        }
        members.put("body", body);
        return members;
    }

    private static String text(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }

    private static String shortened(String text) {
        return text.length() <= WIDEST ? text : text.substring(0, WIDEST) + " …";
    }
}
