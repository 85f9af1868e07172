package tap.graph.access;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tap.graph.access.Access.Target;
import tap.graph.error.GraphException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tap.graph.access.Access.CALLER_UNKNOWN;
import static tap.graph.access.Access.GRANTED;
import static tap.graph.access.Access.OWN_ACCOUNT;
import static tap.graph.access.Access.PERMISSION_MISSING;
import static tap.graph.access.Access.ROLE_MISSING;
import static tap.graph.access.Access.TARGET_MORE_PRIVILEGED;
import static tap.graph.access.AdministratorRole.AUTHENTICATION_ADMINISTRATOR;
import static tap.graph.access.AdministratorRole.GLOBAL_ADMINISTRATOR;
import static tap.graph.access.AdministratorRole.GLOBAL_READER;
import static tap.graph.access.AdministratorRole.PRIVILEGED_AUTHENTICATION_ADMINISTRATOR;
import static tap.graph.access.Operation.CREATE_PASS;
import static tap.graph.access.Operation.DELETE_OWN_PASS;
import static tap.graph.access.Operation.DELETE_PASS;
import static tap.graph.access.Operation.READ_OWN_PASS;
import static tap.graph.access.Operation.READ_PASS;
import static tap.graph.access.Operation.WRITE_POLICY;

class AccessTest {
    private static final String ADMIN = "11111111-aaaa-4aaa-8aaa-111111111111";
    private static final Target USER = new Target("22222222-bbbb-4bbb-8bbb-222222222222", false);
    private static final Target OTHER_ADMIN = new Target("33333333-cccc-4ccc-8ccc-333333333333", true);

    private static Caller.Delegated delegated(Set<Permission> permissions, AdministratorRole... roles) {
        return new Caller.Delegated(ADMIN, permissions, Set.of(roles));
    }

    private static Caller.Delegated everything(AdministratorRole... roles) {
        return delegated(EnumSet.allOf(Permission.class), roles);
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void a_role_without_a_permission_is_nothing(Operation operation) {
        EnumSet<Permission> others = EnumSet.allOf(Permission.class);
        others.removeAll(operation.permissions());
        assertThat(Access.decide(delegated(others, AdministratorRole.values()), operation, USER, ADMIN)
                        .granted())
                .isFalse();
        assertThat(Access.decide(delegated(Set.of(), AdministratorRole.values()), operation))
                .isEqualTo(PERMISSION_MISSING);
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void any_one_permission_of_an_operation_is_enough(Operation operation) {
        for (Permission permission : operation.permissions()) {
            assertThat(Access.decide(delegated(Set.of(permission), GLOBAL_ADMINISTRATOR), operation))
                    .as("%s", permission)
                    .isEqualTo(GRANTED);
        }
    }

    @Nested
    class Targets_with_an_administrator_role {
        @ParameterizedTest
        @EnumSource(
                value = Operation.class,
                names = {"CREATE_PASS", "READ_PASS", "DELETE_PASS"})
        void are_out_of_reach_for_an_authentication_administrator(Operation operation) {
            assertThat(Access.decide(everything(AUTHENTICATION_ADMINISTRATOR), operation, OTHER_ADMIN, ADMIN))
                    .isEqualTo(TARGET_MORE_PRIVILEGED);
            assertThat(Access.decide(
                            everything(PRIVILEGED_AUTHENTICATION_ADMINISTRATOR), operation, OTHER_ADMIN, ADMIN))
                    .isEqualTo(GRANTED);
            assertThat(Access.decide(everything(GLOBAL_ADMINISTRATOR), operation, OTHER_ADMIN, ADMIN))
                    .isEqualTo(GRANTED);
        }

        @Test
        void two_roles_reach_as_far_as_the_one_that_allows_the_operation() {
            Caller both = everything(AUTHENTICATION_ADMINISTRATOR, GLOBAL_READER);
            assertThat(Access.decide(both, READ_PASS, OTHER_ADMIN, ADMIN)).isEqualTo(GRANTED);
            assertThat(Access.decide(both, DELETE_PASS, OTHER_ADMIN, ADMIN)).isEqualTo(TARGET_MORE_PRIVILEGED);
            assertThat(Access.decide(both, CREATE_PASS, OTHER_ADMIN, ADMIN)).isEqualTo(TARGET_MORE_PRIVILEGED);
        }
    }

    @Nested
    class Ones_own_account {
        private final Target self = new Target(ADMIN.toUpperCase(Locale.ROOT), true);

        @Test
        void nobody_issues_to_themselves_whatever_their_roles() {
            assertThat(Access.decide(everything(AdministratorRole.values()), CREATE_PASS, self, ADMIN))
                    .isEqualTo(OWN_ACCOUNT);
        }

        @Test
        void any_user_reads_and_deletes_the_own_pass() {
            assertThat(Access.decide(delegated(Set.of(Permission.TAP_READ)), READ_PASS, self, ADMIN))
                    .isEqualTo(GRANTED);
            assertThat(Access.decide(delegated(Set.of(Permission.TAP_READ_WRITE)), DELETE_PASS, self, ADMIN))
                    .isEqualTo(GRANTED);
            assertThat(Access.decide(delegated(Set.of(Permission.TAP_READ)), DELETE_PASS, self, ADMIN))
                    .isEqualTo(PERMISSION_MISSING);
            assertThat(Access.decide(delegated(Set.of(Permission.POLICY_READ_ALL)), READ_PASS, self, ADMIN))
                    .isEqualTo(PERMISSION_MISSING);
        }

        @Test
        void a_permission_for_the_own_pass_opens_no_other() {
            Caller caller = delegated(Set.of(Permission.TAP_READ_WRITE, Permission.METHOD_READ), GLOBAL_ADMINISTRATOR);
            assertThat(Access.decide(caller, READ_PASS, USER, ADMIN)).isEqualTo(PERMISSION_MISSING);
            assertThat(Access.decide(caller, READ_OWN_PASS, USER, ADMIN)).isNotEqualTo(GRANTED);
            assertThat(Access.decide(caller, DELETE_OWN_PASS, USER, ADMIN)).isNotEqualTo(GRANTED);
        }

        @Test
        void before_the_user_is_known_reading_might_be_ones_own() {
            Caller plainUser = delegated(Set.of(Permission.TAP_READ));
            assertThat(Access.foreseen(plainUser, READ_PASS)).isEqualTo(GRANTED);
            assertThat(Access.foreseen(plainUser, DELETE_PASS)).isEqualTo(PERMISSION_MISSING);
            assertThat(Access.foreseen(plainUser, CREATE_PASS)).isEqualTo(PERMISSION_MISSING);
            assertThat(Access.foreseen(everything(), CREATE_PASS)).isEqualTo(ROLE_MISSING);
        }
    }

    @Nested
    class A_caller_unknown_to_the_directory {
        @Test
        void creates_nothing_but_reads_by_role() {
            Caller caller = everything(GLOBAL_ADMINISTRATOR);
            assertThat(Access.decide(caller, CREATE_PASS, USER, null)).isEqualTo(CALLER_UNKNOWN);
            assertThat(Access.decide(caller, READ_PASS, USER, null)).isEqualTo(GRANTED);
            assertThat(Access.decide(caller, READ_OWN_PASS, USER, null)).isEqualTo(CALLER_UNKNOWN);
        }
    }

    @Nested
    class An_application {
        private final Caller application = new Caller.Application("app", EnumSet.allOf(Permission.class));

        @Test
        void needs_no_role() {
            for (Operation operation : Operation.values()) {
                assertThat(Access.decide(application, operation, OTHER_ADMIN, null))
                        .as("%s", operation)
                        .isEqualTo(operation.own() ? CALLER_UNKNOWN : GRANTED);
            }
        }

        @Test
        void needs_the_permission_for_all_users() {
            Caller narrow = new Caller.Application("app", Set.of(Permission.TAP_READ_WRITE, Permission.METHOD_READ));
            assertThat(Access.decide(narrow, CREATE_PASS, USER, null)).isEqualTo(PERMISSION_MISSING);
            assertThat(Access.decide(narrow, READ_PASS, USER, null)).isEqualTo(PERMISSION_MISSING);
        }
    }

    @Test
    void roles_of_the_directory_are_none_before_it_is_asked_and_the_tokens_own_are_kept() {
        Caller asking = Caller.Delegated.ofDirectory(ADMIN, EnumSet.allOf(Permission.class));
        assertThat(Access.decide(asking, WRITE_POLICY)).isEqualTo(ROLE_MISSING);
        assertThat(Access.decide(asking.knownWith(Set.of()), WRITE_POLICY)).isEqualTo(ROLE_MISSING);
        assertThat(Access.foreseen(asking.knownWith(Set.of()), WRITE_POLICY)).isEqualTo(ROLE_MISSING);
        assertThat(Access.decide(
                        asking.knownWith(AdministratorRole.listed("no role,Global Administrator")), WRITE_POLICY))
                .isEqualTo(GRANTED);
        assertThat(everything(GLOBAL_READER).knownWith(Set.of(GLOBAL_ADMINISTRATOR)))
                .isEqualTo(everything(GLOBAL_READER));
        Caller application = new Caller.Application("app", Set.of());
        assertThat(application.knownWith(Set.of(GLOBAL_ADMINISTRATOR))).isEqualTo(application);
    }

    @Test
    void a_refusal_is_403_with_the_reason_inside() {
        GRANTED.orRefuse();
        assertThatThrownBy(OWN_ACCOUNT::orRefuse).isInstanceOfSatisfying(GraphException.class, refused -> {
            assertThat(refused.error().status()).isEqualTo(403);
            assertThat(refused.error().code()).isEqualTo("accessDenied");
            assertThat(refused.error().message()).isEqualTo("Request Authorization failed");
            assertThat(refused.error().detail()).isEqualTo("Nobody can issue a pass to the account they act as.");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "62e90394-69f5-4237-9190-012177145e10, GLOBAL_ADMINISTRATOR",
        "7be44c8a-adaf-4e2a-84d6-ab2649e08a13, PRIVILEGED_AUTHENTICATION_ADMINISTRATOR",
        "c4e39bd9-1100-46d3-8c65-fb160da0071f, AUTHENTICATION_ADMINISTRATOR",
        "0526716b-113d-4c15-b2c8-68e3c22b9f80, AUTHENTICATION_POLICY_ADMINISTRATOR",
        "f2ef992c-3afb-46b9-b7cf-a126ee74c451, GLOBAL_READER",
        "F2EF992C-3AFB-46B9-B7CF-A126EE74C451, GLOBAL_READER",
        "Global reader, GLOBAL_READER",
    })
    void roles_are_known_by_template_id_and_name(String written, AdministratorRole role) {
        assertThat(AdministratorRole.named(written)).contains(role);
    }
}
