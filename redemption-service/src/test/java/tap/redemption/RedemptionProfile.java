package tap.redemption;

import java.util.Map;

import io.quarkus.test.junit.QuarkusTestProfile;

/** The clients that the tests know: {@code demo}, with an audience and scopes of its own, and {@code plain}, without. */
public final class RedemptionProfile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "tap.clients.demo.audience", "https://demo.example",
                "tap.clients.demo.scopes", "enrol,profile",
                "tap.clients.plain.amr", "otp");
    }
}
