package tap.graph.access;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import jakarta.json.Json;
import org.junit.jupiter.api.Test;
import tap.graph.error.GraphException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CallersTest {
    private static final String OID = "6e4b1c4e-8a86-4b57-9f6a-1f2f3a4b5c6d";
    private static final String READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
    private final Callers callers = new Callers(config("wids", List.of("oid", "sub")));

    private static AccessConfig config(String rolesClaim, List<String> subjectClaims) {
        return new AccessConfig() {
            @Override
            public String rolesClaim() {
                return rolesClaim;
            }

            @Override
            public List<String> subjectClaims() {
                return subjectClaims;
            }

            @Override
            public String applicationClaim() {
                return "idtyp";
            }

            @Override
            public String applicationValue() {
                return "app";
            }
        };
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
    void the_roles_claim_is_configurable_and_takes_names() {
        Callers byName = new Callers(config("roles", List.of("sub")));
        Map<String, Object> claims = Map.of(
                "oid", OID, "sub", "s", "scp", "Policy.Read.All", "roles", List.of("Global Reader"), "wids", List.of());
        assertThat(byName.read(claims::get))
                .isEqualTo(new Caller.Delegated(
                        "s", Set.of(Permission.POLICY_READ_ALL), Set.of(AdministratorRole.GLOBAL_READER)));
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
