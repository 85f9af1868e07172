package tap.graph.access;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tap.graph.error.GraphException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CallersTest {
    private static final String OID = "6e4b1c4e-8a86-4b57-9f6a-1f2f3a4b5c6d";
    private static final String READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
    private final Callers callers = new Callers(config(Map.of()));

    /** As an operator writes it, so that names and defaults are under test too. */
    private static AccessConfig config(Map<String, String> keys) {
        return new SmallRyeConfigBuilder()
                .withMapping(AccessConfig.class)
                .withSources(new PropertiesConfigSource(keys, "test", 100))
                .build()
                .getConfigMapping(AccessConfig.class);
    }

    private Caller read(Map<String, Object> claims) {
        return callers.read(claims::get);
    }

    @Test
    void a_token_with_scp_is_delegated() {
        assertThat(read(Map.of(
                        "oid",
                        OID,
                        "sub",
                        "s",
                        "scp",
                        "Policy.Read.All openid  UserAuthMethod-TAP.Read",
                        "wids",
                        List.of(READER, "x"))))
                .isEqualTo(new Caller.Delegated(
                        OID,
                        Set.of(Permission.POLICY_READ_ALL, Permission.TAP_READ),
                        Set.of(AdministratorRole.GLOBAL_READER)));
    }

    @Test
    void claims_may_be_json_arrays_or_single_texts() {
        assertThat(read(Map.of(
                        "sub",
                        Json.createValue("s"),
                        "scp",
                        Json.createArrayBuilder().add("Policy.Read.All").build(),
                        "wids",
                        READER)))
                .isEqualTo(new Caller.Delegated(
                        "s", Set.of(Permission.POLICY_READ_ALL), Set.of(AdministratorRole.GLOBAL_READER)));
    }

    @Test
    void scp_wins_over_the_mark_of_an_application() {
        assertThat(read(Map.of("sub", "s", "idtyp", "app", "scp", "", "roles", List.of("Policy.Read.All"))))
                .isEqualTo(new Caller.Delegated("s", Set.of(), Set.of()));
    }

    @Test
    void an_application_has_the_permissions_of_roles_alone() {
        assertThat(read(Map.of(
                        "sub",
                        "s",
                        "idtyp",
                        "app",
                        "roles",
                        List.of("Policy.Read.All", "nonsense"),
                        "wids",
                        List.of(READER))))
                .isEqualTo(new Caller.Application("s", Set.of(Permission.POLICY_READ_ALL)));
    }

    @Test
    void without_scp_and_without_the_mark_a_token_may_do_nothing() {
        assertThat(read(Map.of("sub", "s", "roles", List.of("Policy.Read.All"), "wids", List.of(READER))))
                .isEqualTo(new Caller.Delegated("s", Set.of(), Set.of(AdministratorRole.GLOBAL_READER)));
    }

    @Test
    void roles_may_be_names_and_the_claims_are_configurable() {
        Map<String, Object> claims = Map.of(
                "oid", OID, "sub", "s", "scp", "Policy.Read.All", "roles", List.of("Global Reader"), "wids", List.of());
        Caller reader =
                new Caller.Delegated(OID, Set.of(Permission.POLICY_READ_ALL), Set.of(AdministratorRole.GLOBAL_READER));
        assertThat(read(claims)).isEqualTo(reader);
        Callers narrow =
                new Callers(config(Map.of("tap.access.roles-claims", "wids", "tap.access.subject-claims", "sub")));
        assertThat(narrow.read(claims::get))
                .isEqualTo(new Caller.Delegated("s", Set.of(Permission.POLICY_READ_ALL), Set.of()));
    }

    @Test
    void roles_of_a_token_are_not_read_where_the_directory_knows_them() {
        Callers asking = new Callers(config(Map.of("tap.access.roles-from", "directory")));
        Map<String, Object> claims = Map.of("sub", "s", "scp", "Policy.Read.All", "wids", List.of(READER));
        assertThat(asking.read(claims::get))
                .isEqualTo(Caller.Delegated.ofDirectory("s", Set.of(Permission.POLICY_READ_ALL)));
    }

    @Nested
    class Tokens_of_keycloak {
        private final Callers keycloak = new Callers(config(Map.of(
                "tap.access.scope-claims", "scope",
                "tap.access.roles-claims", "realm_access/roles",
                "tap.access.permission-claims", "resource_access/tap/roles",
                "tap.access.applications-have-scopes", "true")));

        @Test
        void of_a_user_have_scopes_in_a_text_and_roles_in_an_object() {
            JsonObject roles = Json.createObjectBuilder()
                    .add("roles", Json.createArrayBuilder(List.of("offline_access", "Global Reader")))
                    .build();
            Map<String, Object> claims = Map.of(
                    "sub", OID, "scope", "openid profile Policy.Read.All", "realm_access", roles, "wids", List.of("x"));
            assertThat(keycloak.read(claims::get))
                    .isEqualTo(new Caller.Delegated(
                            OID, Set.of(Permission.POLICY_READ_ALL), Set.of(AdministratorRole.GLOBAL_READER)));
        }

        @Test
        void of_a_service_account_have_scopes_too_and_are_told_by_the_mark() {
            Map<String, Object> claims = Map.of(
                    "sub",
                    OID,
                    "scope",
                    "openid profile Policy.ReadWrite.AuthenticationMethod",
                    "idtyp",
                    "app",
                    "resource_access",
                    Map.of("tap", Map.of("roles", List.of("Policy.Read.All"))));
            assertThat(keycloak.read(claims::get))
                    .isEqualTo(new Caller.Application(OID, Set.of(Permission.POLICY_READ_ALL)));
        }

        @Test
        void of_a_service_account_without_the_mark_are_of_a_user_without_roles() {
            Map<String, Object> claims = Map.of(
                    "sub",
                    OID,
                    "scope",
                    "Policy.Read.All",
                    "resource_access",
                    Map.of("tap", Map.of("roles", List.of("Policy.ReadWrite.AuthenticationMethod"))));
            assertThat(keycloak.read(claims::get))
                    .isEqualTo(new Caller.Delegated(OID, Set.of(Permission.POLICY_READ_ALL), Set.of()));
        }

        @Test
        void with_something_else_at_the_path_grant_nothing() {
            for (Object odd : List.of("Global Administrator", List.of("Global Administrator"), Map.of("other", "x"))) {
                Map<String, Object> claims = Map.of("sub", OID, "scope", "Policy.Read.All", "realm_access", odd);
                assertThat(keycloak.read(claims::get))
                        .as("%s", odd)
                        .isEqualTo(new Caller.Delegated(OID, Set.of(Permission.POLICY_READ_ALL), Set.of()));
            }
        }
    }

    @Nested
    class Tokens_of_auth0 {
        private final Callers auth0 = new Callers(config(Map.of(
                "tap.access.scope-claims", "scope",
                "tap.access.permission-claims", "scope",
                "tap.access.roles-claims", "https://tap.example/roles",
                "tap.access.application-claim", "gty",
                "tap.access.application-value", "client-credentials",
                "tap.access.applications-have-scopes", "true")));

        @Test
        void of_a_user_have_roles_under_a_name_with_slashes() {
            Map<String, Object> claims = Map.of(
                    "sub",
                    "auth0|5f7c",
                    "scope",
                    "Policy.Read.All",
                    "https://tap.example/roles",
                    List.of("global reader"));
            assertThat(auth0.read(claims::get))
                    .isEqualTo(new Caller.Delegated(
                            "auth0|5f7c", Set.of(Permission.POLICY_READ_ALL), Set.of(AdministratorRole.GLOBAL_READER)));
        }

        @Test
        void of_an_application_have_permissions_in_scope() {
            Map<String, Object> claims = Map.of(
                    "sub", "c@clients", "gty", "client-credentials", "scope", "Policy.Read.All Tap.Audit.Read.All");
            assertThat(auth0.read(claims::get))
                    .isEqualTo(new Caller.Application(
                            "c@clients", Set.of(Permission.POLICY_READ_ALL, Permission.AUDIT_READ_ALL)));
        }
    }

    @Test
    void permissions_are_matched_exactly_and_odd_claims_grant_nothing() {
        assertThat(read(Map.of("sub", "s", "scp", "policy.read.all", "wids", Map.of("a", READER))))
                .isEqualTo(new Caller.Delegated("s", Set.of(), Set.of()));
    }

    @Test
    void a_token_that_names_nobody_is_no_token() {
        assertThatThrownBy(() -> read(Map.of("scp", "Policy.Read.All", "oid", " ")))
                .isInstanceOfSatisfying(
                        GraphException.class,
                        refused -> assertThat(refused.error().status()).isEqualTo(401));
    }

    @Test
    void the_actor_is_opaque() {
        assertThat(new Caller.Application(OID, Set.of()).actor()).isEqualTo(OID);
        String actor = new Caller.Delegated("adele@contoso.com", Set.of(), Set.of()).actor();
        assertThat(UUID.fromString(actor)).hasToString(actor);
        assertThat(new Caller.Delegated("adele@contoso.com", Set.of(), Set.of()).actor())
                .isEqualTo(actor);
        assertThat(new Caller.Delegated("bob@contoso.com", Set.of(), Set.of()).actor())
                .isNotEqualTo(actor);
    }
}
