package tap.pass.api;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.databind.node.BooleanNode;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import org.awaitility.Awaitility;
import tap.contract.DirectoryNameV1;
import tap.contract.MemberChange;
import tap.contract.PolicyConfiguredV1;
import tap.contract.PolicyV1;
import tap.contract.PolicyV1.ExcludeTarget;
import tap.contract.PolicyV1.IncludeTarget;
import tap.contract.Topics;
import tap.contract.UserChangedV1;
import tap.contract.UserRemovedV1;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.TestDatabase;
import tap.testkit.infrastructure.TestTokens;

import static org.assertj.core.api.Assertions.assertThat;

/** Users, policies and callers of these tests. What others publish has been applied here when a method returns. */
public final class Surroundings {
    public static final List<IncludeTarget> EVERYBODY = List.of(new IncludeTarget("group", "all_users", false));
    private static final UUID GRACE = UUID.fromString("0190b3f2-0000-7000-8000-00000000aaaa");
    private static final String POLICY = "temporary-access-pass-policy";
    // of whatever member: only people read what changed
    private static final List<MemberChange> CHANGES =
            List.of(new MemberChange("isUsableOnce", BooleanNode.FALSE, BooleanNode.TRUE));
    private static long revision;

    private Surroundings() {}

    public static void policy(boolean enabled, boolean oneTime) {
        policy(enabled, oneTime, 10, EVERYBODY, List.of());
    }

    public static void policy(
            boolean enabled, boolean oneTime, int length, List<IncludeTarget> include, List<ExcludeTarget> exclude) {
        revision = number("SELECT revision FROM policy_copy") + 1;
        PolicyV1 policy =
                new PolicyV1(enabled ? "enabled" : "disabled", 60, 30, 480, length, oneTime, include, exclude);
        OtherServices.policyService(
                Topics.POLICIES,
                POLICY,
                POLICY,
                "policy-configured.v1",
                new PolicyConfiguredV1(revision, policy, CHANGES, Instant.now()));
        await("SELECT count(*) FROM policy_copy WHERE revision = " + revision);
    }

    /** A new user with this name before the at sign. */
    public static UUID user(String name) {
        UUID userId = UUID.randomUUID();
        change(userId, true, "member", List.of(), List.of());
        OtherServices.names(userId, new DirectoryNameV1(userId, name + "@example.org", "hr-" + name));
        await("SELECT count(*) FROM directory_name WHERE user_id = '" + userId + "'");
        return userId;
    }

    public static UUID user() {
        return user("user-" + UUID.randomUUID());
    }

    public static UUID user(String kind, List<String> roles, List<UUID> groups) {
        UUID userId = UUID.randomUUID();
        change(userId, true, kind, roles, groups);
        return userId;
    }

    public static void change(UUID userId, boolean active, String kind, List<String> roles, List<UUID> groups) {
        OtherServices.policyService(
                Topics.DIRECTORY,
                userId.toString(),
                userId.toString(),
                "user-changed.v1",
                new UserChangedV1(userId, active, kind, roles, groups));
        await("SELECT count(*) FROM user_copy WHERE id = '" + userId + "' AND active = " + active);
    }

    /** Gives a user these administrator roles, and no others. */
    static void roles(UUID userId, String... templateIds) {
        change(userId, true, "member", List.of(templateIds), List.of());
        await("SELECT count(*) FROM user_copy WHERE id = '" + userId + "' AND administrator_roles = '{"
                + String.join(",", templateIds) + "}'");
    }

    public static void remove(UUID userId) {
        OtherServices.policyService(
                Topics.DIRECTORY, userId.toString(), userId.toString(), "user-removed.v1", new UserRemovedV1(userId));
        OtherServices.names(userId, null);
        await("SELECT 1 - count(*) FROM user_copy WHERE id = '" + userId + "'");
        await("SELECT 1 - count(*) FROM directory_name WHERE user_id = '" + userId + "'");
    }

    /** May do whatever can be done to passes of others, and ask about their past. */
    public static RequestSpecification administrator() {
        return with(administratorToken());
    }

    /** The bearer token of {@link #administrator}, for tests that ask very often. */
    static String administratorToken() {
        if (number("SELECT count(*) FROM user_copy WHERE id = '" + GRACE + "'") == 0) {
            change(GRACE, true, "member", List.of(TestTokens.GLOBAL_ADMINISTRATOR), List.of());
        }
        return TestTokens.delegated(GRACE.toString())
                .permissions("UserAuthenticationMethod.ReadWrite.All", "Tap.Audit.Read.All")
                .roles(TestTokens.GLOBAL_ADMINISTRATOR)
                .sign();
    }

    public static RequestSpecification with(TestTokens token) {
        return with(token.sign());
    }

    static RequestSpecification with(String token) {
        return RestAssured.given().auth().oauth2(token).urlEncodingEnabled(false);
    }

    public static RequestSpecification posting(String body) {
        return administrator().contentType(ContentType.JSON).body(body);
    }

    public static String passes(Object user) {
        return "/v1.0/users/" + user + "/authentication/temporaryAccessPassMethods";
    }

    public static void await(String count) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(number(count)).as(count).isOne());
    }

    /** Runs a statement as the service. */
    public static void execute(String sql) {
        try (TestDatabase database = ServiceTestResource.database();
                var service = database.connectAsService();
                var statement = service.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public static long number(String sql) {
        try (TestDatabase database = ServiceTestResource.database();
                var service = database.connectAsService();
                var statement = service.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
