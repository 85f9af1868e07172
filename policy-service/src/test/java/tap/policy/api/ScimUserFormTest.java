package tap.policy.api;

import java.util.List;
import java.util.UUID;

import de.captaingoldfish.scim.sdk.common.exceptions.BadRequestException;
import de.captaingoldfish.scim.sdk.common.resources.User;
import de.captaingoldfish.scim.sdk.common.resources.multicomplex.PersonRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tap.policy.domain.UserKind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ScimUserFormTest {
    private static final UUID ID = UUID.fromString("0190b3f2-0000-7000-8000-000000000001");

    @ParameterizedTest
    @CsvSource({
        "Member, MEMBER",
        "Employee, MEMBER",
        "'', MEMBER",
        "Guest, EXTERNAL_GUEST",
        "externalGuest, EXTERNAL_GUEST",
        "External, EXTERNAL_GUEST",
        "internalGuest, INTERNAL_GUEST",
        "Internal Guest, INTERNAL_GUEST"
    })
    void the_user_type_says_what_kind_of_user_it_is(String userType, UserKind kind) {
        assertThat(ScimUserForm.profile(ID, user().userType(userType).build()).kind())
                .isEqualTo(kind);
    }

    @Test
    void who_is_not_said_to_be_inactive_is_active() {
        assertThat(ScimUserForm.profile(ID, user().build()).active()).isTrue();
        assertThat(ScimUserForm.profile(ID, user().active(false).build()).active())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "62e90394-69f5-4237-9190-012177145e10",
                "62E90394-69F5-4237-9190-012177145E10",
                "Global Administrator",
                "global administrator"
            })
    void a_role_is_named_by_template_id_or_name(String role) {
        assertThat(ScimUserForm.profile(ID, withRoles(role)).administratorRoles())
                .containsExactly("62e90394-69f5-4237-9190-012177145e10");
    }

    @Test
    void a_role_that_is_named_twice_counts_once() {
        assertThat(ScimUserForm.profile(ID, withRoles("Global Administrator", "62e90394-69f5-4237-9190-012177145e10"))
                        .administratorRoles())
                .hasSize(1);
    }

    @Test
    void a_role_that_cannot_be_understood_is_refused_not_passed_over() {
        assertThatThrownBy(() -> ScimUserForm.profile(ID, withRoles("Helpdesk")))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("roles.value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "a\u0000b", "a\nb", "a\ud800"})
    void a_user_name_that_cannot_be_kept_is_refused(String userName) {
        assertThatThrownBy(() ->
                        ScimUserForm.person(User.builder().userName(userName).build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("userName");
    }

    @Test
    void a_user_name_that_grows_beyond_bounds_when_folded_is_refused() {
        assertThatThrownBy(() -> ScimUserForm.person(
                        User.builder().userName("\ufdfa".repeat(200)).build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("userName");
    }

    private static User.UserBuilder user() {
        return User.builder().userName("ada");
    }

    private static User withRoles(String... roles) {
        return user().roles(List.of(roles).stream()
                        .map(role -> PersonRole.builder().value(role).build())
                        .toList())
                .build();
    }
}
