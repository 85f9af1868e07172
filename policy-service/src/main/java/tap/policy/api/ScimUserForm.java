package tap.policy.api;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

import de.captaingoldfish.scim.sdk.common.constants.ScimType;
import de.captaingoldfish.scim.sdk.common.exceptions.BadRequestException;
import de.captaingoldfish.scim.sdk.common.resources.User;
import de.captaingoldfish.scim.sdk.common.resources.complex.Meta;
import de.captaingoldfish.scim.sdk.common.resources.multicomplex.GroupNode;
import de.captaingoldfish.scim.sdk.common.resources.multicomplex.PersonRole;
import org.jspecify.annotations.Nullable;
import tap.contract.UserNames;
import tap.graph.access.AdministratorRole;
import tap.policy.application.Person;
import tap.policy.domain.UserKind;
import tap.policy.domain.UserProfile;
import tap.policy.projections.userdetails.UserDetails;

/** SCIM's form of a user, to ours and back (RFC 7643 §4.1). */
final class ScimUserForm {
    private static final int LONGEST_TEXT = 256;
    // NFKC may make eighteen characters of one; PostgreSQL's index takes 2,704 bytes
    private static final int LONGEST_KEY = 600;
    private static final int MOST_ROLES = 100;
    private static final Pattern TEMPLATE_ID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private ScimUserForm() {}

    /** What others may know of the user. */
    static UserProfile profile(UUID userId, User user) {
        if (user.getRoles().size() > MOST_ROLES) {
            throw invalid("roles", "at most " + MOST_ROLES + " roles");
        }
        return new UserProfile(
                userId,
                user.isActive().orElse(true),
                kind(user.getUserType().orElse("")),
                user.getRoles().stream()
                        .map(ScimUserForm::templateId)
                        .distinct()
                        .toList());
    }

    /** The user's names. */
    static Person person(User user) {
        String userName = text("userName", user.getUserName());
        if (userName == null || userName.isBlank()) {
            throw invalid("userName", "a name");
        }
        if (UserNames.key(userName).length() > LONGEST_KEY) {
            throw invalid("userName", "a shorter name");
        }
        return new Person(
                userName,
                text("externalId", user.getExternalId()),
                text("displayName", user.getDisplayName()),
                text("userType", user.getUserType()));
    }

    /** The answer to a change. */
    static User user(UserProfile profile, Person person, Instant createdAt, Instant changedAt) {
        return User.builder()
                .id(profile.userId().toString())
                .externalId(person.externalId())
                .userName(person.userName())
                .displayName(person.displayName())
                .userType(person.userType())
                .active(profile.active())
                .roles(roles(profile))
                .meta(Meta.builder().created(createdAt).lastModified(changedAt).build())
                .build();
    }

    /** The answer to a question. */
    static User user(UserDetails details) {
        User user = user(
                details.profile(),
                new Person(details.userName, details.externalId, details.displayName, details.userType),
                details.createdAt,
                details.changedAt);
        user.setGroups(details.groups().stream()
                .map(group -> GroupNode.builder()
                        .value(group.value())
                        .display(group.display())
                        .type("direct")
                        .build())
                .toList());
        return user;
    }

    // Words of Entra, Okta and ours; RFC 7643 leaves the value open, and who is not called a guest is none.
    private static UserKind kind(String userType) {
        return switch (userType.toLowerCase(Locale.ROOT).replaceAll("[ _-]", "")) {
            case "guest", "externalguest", "external" -> UserKind.EXTERNAL_GUEST;
            case "internalguest" -> UserKind.INTERNAL_GUEST;
            default -> UserKind.MEMBER;
        };
    }

    private static String templateId(PersonRole role) {
        String value = role.getValue().orElse("").strip();
        String templateId = AdministratorRole.named(value)
                .map(AdministratorRole::templateId)
                .orElse(value)
                .toLowerCase(Locale.ROOT);
        // to pass over what we do not understand would make an administrator look like anybody
        if (!TEMPLATE_ID.matcher(templateId).matches()) {
            throw invalid("roles.value", "the template id of an administrator role");
        }
        return templateId;
    }

    private static List<PersonRole> roles(UserProfile profile) {
        return profile.administratorRoles().stream()
                .map(id -> PersonRole.builder()
                        .value(id)
                        .display(AdministratorRole.named(id)
                                .map(AdministratorRole::displayName)
                                .orElse(null))
                        .build())
                .toList();
    }

    static @Nullable String text(String attribute, Optional<String> given) {
        String text = given.orElse(null);
        if (text != null && (text.length() > LONGEST_TEXT || !storable(text))) {
            throw invalid(attribute, "at most " + LONGEST_TEXT + " characters, none of them a control character");
        }
        return text == null || text.isEmpty() ? null : text;
    }

    /** Whether a text holds nothing that PostgreSQL or a log cannot take: no control character, no half of a surrogate pair. */
    static boolean storable(String text) {
        return text.codePoints()
                .noneMatch(c ->
                        Character.isISOControl(c) || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }

    static BadRequestException invalid(String attribute, String expectation) {
        return new BadRequestException(
                "The value of '" + attribute + "' is not valid. Expected: " + expectation + ".",
                ScimType.RFC7644.INVALID_VALUE);
    }
}
