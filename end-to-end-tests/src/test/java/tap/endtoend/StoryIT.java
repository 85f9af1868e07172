package tap.endtoend;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.nimbusds.jwt.JWTClaimsSet;
import io.restassured.response.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

/** The product's first use: a policy, a user, a pass, a token, and everyone who listens saw it happen. */
class StoryIT {
    private final Stack stack = Stack.running();
    private final Administrator administrator = stack.administrator("Global Administrator");
    private final SignIn signIn = stack.signIn();
    private final String name = "story-" + UUID.randomUUID() + "@example.com";

    @BeforeEach
    void enable() {
        administrator.configure(Map.of("state", "enabled")).then().statusCode(204);
    }

    @Test
    void a_one_time_pass_signs_in_once() throws Exception {
        String user = administrator.user(name);
        Response issued = administrator.issue(name, Map.of("isUsableOnce", true));
        issued.then()
                .statusCode(201)
                .header("Tap-Confirmation", "confirmed")
                .header("Cache-Control", "no-store")
                .body("isUsable", equalTo(true))
                .body("methodUsabilityReason", equalTo("EnabledByPolicy"));
        String code = issued.path("temporaryAccessPass");
        String pass = issued.path("id");
        assertThat(code).hasSize(8);

        Response token = signIn.redeem(name, code);
        token.then().statusCode(200).body("token_type", equalTo("Bearer"));
        JWTClaimsSet claims = signIn.verified(token.path("access_token"));
        assertThat(claims.getSubject()).isEqualTo(user);
        assertThat(claims.getStringListClaim("amr")).containsExactly("otp", "mfa");
        assertThat(claims.getStringClaim("acr")).isEqualTo("urn:tap:acr:one-time");

        signIn.redeem(name, code).then().statusCode(400).body("error", equalTo("invalid_grant"));
        administrator
                .get(name, pass)
                .then()
                .statusCode(200)
                .body("temporaryAccessPass", equalTo(null))
                .body("isUsable", equalTo(false))
                .body("methodUsabilityReason", equalTo("OneTimeUsed"))
                .body("usageCount", equalTo(1));

        try (PublicEvents events = stack.events()) {
            events.about(user, event -> event.type().equals("tap.pass-spent.v1"));
            // topics are read in any order
            for (String topic : List.of("tap.directory", "tap.passes", "tap.pass-credentials")) {
                events.about(user, event -> event.topic().equals(topic));
            }
            List<PublicEvents.Seen> seen = events.about(user);
            assertThat(on(seen, "tap.directory")).containsExactly("tap.user-changed.v1");
            assertThat(on(seen, "tap.redemptions"))
                    .containsExactly("tap.pass-admitted.v1", "tap.pass-redeemed.v1", "tap.pass-spent.v1");
            assertThat(on(events.about(user), "tap.passes")).containsExactly("tap.pass-issued.v1");
            assertThat(on(events.about(user), "tap.pass-credentials")).containsExactly("tap.pass-issued.v1");
            assertThat(events.about(user))
                    .allSatisfy(event -> assertThat(event.payload())
                            .as("%s on %s", event.type(), event.topic())
                            .doesNotContain(code)
                            .doesNotContain(name));
            assertThat(seen.stream()
                            .filter(event -> event.type().equals("tap.pass-redeemed.v1"))
                            .map(event -> event.event().getId()))
                    .containsExactly(claims.getJWTID());
        }
    }

    @Test
    void a_strong_code_signs_in_as_often_as_the_pass_says() {
        administrator.user(name);
        administrator.configure(Map.of("defaultLength", 32)).then().statusCode(204);
        try {
            String code = administrator
                    .issue(name, Map.of("isUsableOnce", false, "maximumUses", 2))
                    .then()
                    .statusCode(201)
                    .extract()
                    .path("temporaryAccessPass");
            assertThat(code).hasSize(32);
            signIn.redeem(name, code).then().statusCode(200);
            signIn.redeem(name, code).then().statusCode(200);
            signIn.redeem(name, code).then().statusCode(400).body("error", equalTo("invalid_grant"));
        } finally {
            administrator.configure(Map.of("defaultLength", 8)).then().statusCode(204);
        }
    }

    private static List<String> on(List<PublicEvents.Seen> seen, String topic) {
        return seen.stream()
                .filter(event -> event.topic().equals(topic))
                .map(PublicEvents.Seen::type)
                .toList();
    }
}
