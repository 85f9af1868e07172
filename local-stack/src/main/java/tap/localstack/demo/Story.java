package tap.localstack.demo;

import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.SignedJWT;
import org.jspecify.annotations.Nullable;
import tap.contract.ContractJson;
import tap.localstack.demo.Exchange.Answer;
import tap.localstack.identity.AdministratorRole;
import tap.localstack.infrastructure.LocalStackException;

/** One pass from its policy to its end, told to whoever watches. */
final class Story {
    static final String POLICY =
            "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass";
    static final String ENABLED = """
            {"state":"enabled","defaultLifetimeInMinutes":60,"defaultLength":%d,"isUsableOnce":false}""";
    static final int SHORT_CODE = 8;

    private static final Duration EVENT_PATIENCE = Duration.ofSeconds(10);

    private final Stage stage;
    private final Exchange gateway;
    private final EventFeed events;
    private final Administrators administrators;
    private final String userName = newName();

    Story(Stage stage, Exchange gateway, EventFeed events, Administrators administrators) {
        this.stage = stage;
        this.gateway = gateway;
        this.events = events;
        this.administrators = administrators;
    }

    /** Plays every step and returns the user whom the passes were for; stops at the first answer that is not as told. */
    String play() throws InterruptedException {
        startFromDefaults();
        stage.step("An administrator enables Temporary Access Passes. 204 means: every service obeys from now on.");
        expect(
                204,
                show(
                        AdministratorRole.AUTHENTICATION_POLICY_ADMINISTRATOR,
                        "PATCH",
                        POLICY,
                        ENABLED.formatted(SHORT_CODE)),
                "tap.policy-configured.v1");

        stage.step("A user is provisioned over SCIM, as an identity provider would do it.");
        Answer provisioned = show(AdministratorRole.GLOBAL_ADMINISTRATOR, "POST", "/scim/v2/Users", user(userName));
        expect(201, provisioned, "tap.user-changed.v1");
        String userId = member(provisioned, "id");

        stage.step("An administrator issues a one-time pass. The code is in this answer and nowhere else, ever.");
        String passes = passes(userId);
        Answer issued = show(
                AdministratorRole.AUTHENTICATION_ADMINISTRATOR,
                "POST",
                passes,
                "{\"isUsableOnce\":true,\"lifetimeInMinutes\":60}");
        expect(201, issued, "tap.pass-issued.v1", "tap.pass-admitted.v1");
        String code = member(issued, "temporaryAccessPass");

        stage.step("The user signs in with the code and gets a signed token.");
        Answer redeemed = redeem(code);
        expect(200, redeemed, "tap.pass-redeemed.v1", "tap.pass-spent.v1");
        stage.say("     which says: " + claims(member(redeemed, "access_token")));

        stage.step("The code again: a one-time pass is used once. Every refusal looks like this one.");
        expect(400, redeem(code));

        stage.step("The administrator sees what became of the pass.");
        expect(200, show(AdministratorRole.GLOBAL_READER, "GET", passes, null));

        stage.step("A new pass replaces the old one in one decision ...");
        Answer replacement = show(AdministratorRole.AUTHENTICATION_ADMINISTRATOR, "POST", passes, "{}");
        expect(201, replacement, "tap.pass-issued.v1", "tap.pass-admitted.v1");

        stage.step("... and is deleted. 204 means: no redemption that starts now succeeds.");
        expect(
                204,
                show(
                        AdministratorRole.AUTHENTICATION_ADMINISTRATOR,
                        "DELETE",
                        passes + "/" + member(replacement, "id"),
                        null),
                "tap.pass-revoked.v1",
                "tap.pass-withdrawn.v1");
        expect(400, redeem(member(replacement, "temporaryAccessPass")));
        return userId;
    }

    /** Provisions one more user, untold, and returns its id. */
    static String provision(Exchange gateway, Administrators administrators) {
        String token = administrators.token(AdministratorRole.GLOBAL_ADMINISTRATOR);
        return member(gateway.json("POST", "/scim/v2/Users", token, user(newName())), "id");
    }

    private static String newName() {
        return "ada." + UUID.randomUUID().toString().substring(0, 8) + "@development.tap.example";
    }

    private static String user(String userName) {
        return "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"" + userName
                + "\",\"active\":true}";
    }

    static String passes(String userId) {
        return "/v1.0/users/" + userId + "/authentication/temporaryAccessPassMethods";
    }

    /** An earlier demo left the policy enabled: enabling it again would change nothing, and nothing would be seen. */
    private void startFromDefaults() throws InterruptedException {
        String token = administrators.token(AdministratorRole.GLOBAL_ADMINISTRATOR);
        if (gateway.json("GET", POLICY, token, null).body().contains("\"enabled\"")) {
            gateway.json("DELETE", POLICY, token, null);
            ArrivedEvent event = events.next(EVENT_PATIENCE);
            while (event != null && !event.type().equals("tap.policy-reset.v1")) {
                event = events.next(EVENT_PATIENCE);
            }
        }
    }

    private Answer show(AdministratorRole role, String method, String path, @Nullable String body) {
        stage.request(method, path + "   as " + role.displayName(), body);
        Answer answer = gateway.json(method, path, administrators.token(role), body);
        stage.answer(answer);
        return answer;
    }

    private Answer redeem(String code) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "urn:tap:grant-type:temporary-access-pass");
        form.put("client_id", "demo");
        form.put("username", userName);
        form.put("temporary_access_pass", code);
        stage.request("POST", "/oauth2/token", Exchange.encode(form));
        Answer answer = gateway.form("/oauth2/token", form);
        stage.answer(answer);
        return answer;
    }

    /**
     * Checks the status, then shows events until each of these types has arrived. 202 in place of 204 says that the change is made
     * and not confirmed in time, as on a stack that has just started: the events that follow are its confirmation.
     */
    private void expect(int status, Answer answer, String... types) throws InterruptedException {
        boolean pending = status == 204 && answer.status() == 202;
        if (answer.status() != status && !pending) {
            throw new LocalStackException(
                    "The story breaks off: " + status + " was expected, not " + answer.status() + ". See ./tap logs.");
        }
        List<String> missing = new ArrayList<>(List.of(types));
        while (!missing.isEmpty()) {
            ArrivedEvent event = events.next(EVENT_PATIENCE);
            if (event == null) {
                throw new LocalStackException("The story breaks off: no " + missing + " arrived on Kafka within "
                        + EVENT_PATIENCE.toSeconds() + " s. See ./tap logs.");
            }
            stage.event(event, answer.began());
            missing.remove(event.type());
        }
    }

    private static String member(Answer answer, String name) {
        try {
            JsonNode value = ContractJson.mapper().readTree(answer.body()).path(name);
            if (value.isTextual()) {
                return value.asText();
            }
        } catch (JsonProcessingException notJson) {
            // Falls through to the same end: the member is not there.
        }
        throw new LocalStackException("The story breaks off: the answer has no " + name + ".");
    }

    private static String claims(String token) {
        try {
            return SignedJWT.parse(token).getJWTClaimsSet().toString();
        } catch (ParseException e) {
            throw new LocalStackException("The story breaks off: the token is not a JWT.", e);
        }
    }
}
