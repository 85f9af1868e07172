package tap.endtoend;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.restassured.response.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tap.endtoend.ServiceBuilds.Change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

/**
 * Pods of two builds side by side, forth and back: first one that adds a member to an event and knows a new type of event, then one
 * that writes it. Readers ship one release before writers. Part of {@code ./tap drill}.
 */
@Tag("drill")
class RollingUpgradeIT {
    private static final String PASS = "pass-service/src/main/java/tap/pass/";

    private static final List<Change> READS_MORE = List.of(
            new Change(
                    "event-contract/src/main/java/tap/contract/PassIssuedV1.java",
                    "@Nullable UUID replaces)",
                    "@Nullable UUID replaces, @Nullable String ticket)"),
            new Change(PASS + "publishing/StoredPass.java", "event.replaces());", "event.replaces(), \"OPS-7\");"),
            new Change(
                    PASS + "domain/PassEvent.java",
                    "    /** A pass was taken back. */",
                    "    record PassNoted(UUID userId, UUID passId, String note) implements PassEvent {}\n"),
            new Change(
                    PASS + "domain/PassDecider.java",
                    "            case PassIssued issued -> new Pass.Issued(issued.pass());",
                    "            case PassIssued issued -> new Pass.Issued(issued.pass());\n"
                            + "            case PassEvent.PassNoted noted -> state;"),
            new Change(
                    PASS + "publishing/StoredPass.java",
                    "            .build();",
                    ".event(\"pass-noted.v1\", PassEvent.PassNoted.class, PassEvent.PassNoted.class, e -> e, e -> e).build();"),
            new Change(
                    PASS + "projections/pendingpasses/PendingPassesProjection.java",
                    "                case PassEvent.PassRevoked revoked ->",
                    "                case PassEvent.PassNoted noted -> {}\n"
                            + "                case PassEvent.PassRevoked revoked ->"));

    private static final List<Change> REDEMPTION_READS_MORE = List.of(new Change(
            "redemption-service/src/main/java/tap/redemption/reactions/FollowPassCredentials.java",
            "            default ->",
            "            case \"pass-noted.v1\" -> Uni.createFrom().voidItem();\n            default ->"));

    private static final List<Change> WRITES_MORE = with(
            READS_MORE,
            new Change(
                    PASS + "domain/PassDecider.java",
                    "        return Decision.accept(new PassIssued(",
                    "        return Decision.accept(java.util.List.of(new PassIssued("),
            new Change(
                    PASS + "domain/PassDecider.java",
                    "replaced(state), command.verifier()));",
                    "replaced(state), command.verifier()),"
                            + " new PassEvent.PassNoted(command.user().id(), command.passId(), \"by a newer build\")));"));

    private final ServiceBuilds builds = new ServiceBuilds(Stack.ROOT, Path.of("target", "rolling-upgrade"));
    private final Stack stack = Stack.anew(Path.of("target", "rolling-upgrade-stack"), builds.folder());
    private final Set<String> users = new HashSet<>();

    RollingUpgradeIT() throws IOException {}

    @AfterEach
    void end() {
        stack.down();
    }

    @Test
    void pods_of_two_builds_work_side_by_side_and_the_newer_one_can_be_taken_back() throws IOException {
        stack.up();
        Administrator administrator = stack.administrator("Global Administrator");
        // codes that need no Argon2
        administrator
                .configure(Map.of("state", "enabled", "defaultLength", 24))
                .then()
                .statusCode(204);
        signEverybodyIn(administrator);
        Path first = Stack.ROOT.resolve("pass-service");
        Path reader = builds.changed("reader", "pass-service", READS_MORE);
        Path writer = builds.changed("writer", "pass-service", WRITES_MORE);
        Path redemptionReader = builds.changed("reader", "redemption-service", REDEMPTION_READS_MORE);

        roll("pass-service", reader, 1);
        signEverybodyIn(administrator);
        roll("pass-service", first, 1);
        signEverybodyIn(administrator);

        roll("redemption-service", redemptionReader, 0, 1);
        roll("pass-service", reader, 0, 1);
        roll("pass-service", writer, 1);
        signEverybodyIn(administrator);
        roll("pass-service", reader, 1);
        signEverybodyIn(administrator);

        assertThat(stack.says("parked").output()).startsWith("Nothing is parked.");
        try (PublicEvents events = stack.events()) {
            await("what both builds have written")
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> {
                        events.poll();
                        assertThat(published(events, "tap.pass-issued.v1"))
                                .anyMatch(payload -> payload.contains("OPS-7"))
                                .anyMatch(payload -> !payload.contains("OPS-7"));
                        assertThat(published(events, "tap.pass-noted.v1"))
                                .anyMatch(payload -> payload.contains("by a newer build"));
                    });
        }
    }

    private static List<String> published(PublicEvents events, String type) {
        return events.all().stream()
                .filter(event ->
                        event.topic().equals("tap.passes") && event.type().equals(type))
                .map(PublicEvents.Seen::payload)
                .toList();
    }

    // Each pod that there is issues a pass to a new user and to all of before, and each of redemption-service takes it.
    private void signEverybodyIn(Administrator administrator) {
        for (String pod : stack.pods("pass-service")) {
            String name = "rolling-" + UUID.randomUUID() + "@example.com";
            users.add(administrator.user(name));
            Administrator here = administrator.at(pod);
            for (String user : users) {
                Response issued = here.issue(user, Map.of("maximumUses", 2, "isUsableOnce", false));
                issued.then().statusCode(201);
                // a pod that has just started may answer before it knows; then it comes true by itself
                awaitMember(here, user, issued.path("id"), "isUsable", true);
                for (String redeeming : stack.pods("redemption-service")) {
                    new SignIn(redeeming)
                            .redeem(user, issued.path("temporaryAccessPass"))
                            .then()
                            .statusCode(200);
                }
                awaitMember(here, user, issued.path("id"), "usageCount", 2);
            }
        }
    }

    private static void awaitMember(Administrator here, String user, String pass, String member, Object value) {
        await(member)
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> here.get(user, pass).then().body(member, equalTo(value)));
    }

    private void roll(String service, Path build, int... pods) throws IOException {
        builds.use(service, build);
        for (int pod : pods) {
            stack.killPod(service, pod);
        }
        stack.up();
    }

    private static List<Change> with(List<Change> before, Change... more) {
        List<Change> all = new ArrayList<>(before);
        all.addAll(List.of(more));
        return all;
    }
}
