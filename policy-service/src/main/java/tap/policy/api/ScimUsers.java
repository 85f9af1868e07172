package tap.policy.api;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

import de.captaingoldfish.scim.sdk.common.constants.ScimType;
import de.captaingoldfish.scim.sdk.common.constants.enums.Comparator;
import de.captaingoldfish.scim.sdk.common.constants.enums.SortOrder;
import de.captaingoldfish.scim.sdk.common.exceptions.BadRequestException;
import de.captaingoldfish.scim.sdk.common.exceptions.ConflictException;
import de.captaingoldfish.scim.sdk.common.exceptions.ResourceNotFoundException;
import de.captaingoldfish.scim.sdk.common.resources.User;
import de.captaingoldfish.scim.sdk.common.schemas.SchemaAttribute;
import de.captaingoldfish.scim.sdk.server.endpoints.Context;
import de.captaingoldfish.scim.sdk.server.endpoints.ResourceHandler;
import de.captaingoldfish.scim.sdk.server.filter.AttributeExpressionLeaf;
import de.captaingoldfish.scim.sdk.server.filter.FilterNode;
import de.captaingoldfish.scim.sdk.server.response.PartialListResponse;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.Ids;
import tap.policy.application.Directory;
import tap.policy.application.Directory.Outcome;
import tap.policy.application.Person;
import tap.policy.domain.UserProfile;
import tap.policy.projections.userdetails.UserDetails;
import tap.policy.projections.userdetails.UserDetailsQueries;

/** What the SCIM SDK asks of users. It asks in blocking calls, each on a virtual thread ({@link ScimCall#await}). */
@Singleton
class ScimUsers extends ResourceHandler<User> {
    private static final Pattern ID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private final Directory directory;
    private final UserDetailsQueries users;

    ScimUsers(Directory directory, UserDetailsQueries users) {
        this.directory = directory;
        this.users = users;
    }

    @Override
    public User createResource(User resource, Context context) {
        ScimCall call = (ScimCall) context;
        UserProfile profile = ScimUserForm.profile(Ids.next(), resource);
        Person person = ScimUserForm.person(resource);
        Outcome outcome = call.await(directory.provision(profile, person, call.metadata()));
        return ScimUserForm.user(
                profile, person, effective(call, profile.userId().toString(), outcome));
    }

    @Override
    public User updateResource(User resource, Context context) {
        ScimCall call = (ScimCall) context;
        String id = resource.getId().orElse("");
        UserProfile profile = ScimUserForm.profile(known(id), resource);
        Person person = ScimUserForm.person(resource);
        Outcome outcome = call.await(directory.replace(profile, person, call.metadata()));
        return ScimUserForm.user(profile, person, effective(call, id, outcome));
    }

    @Override
    public void deleteResource(String id, Context context) {
        ScimCall call = (ScimCall) context;
        effective(call, id, call.await(directory.remove(known(id), call.metadata())));
    }

    @Override
    public User getResource(
            String id, List<SchemaAttribute> attributes, List<SchemaAttribute> excluded, Context context) {
        UserDetails details = ((ScimCall) context).<@Nullable UserDetails>await(users.byId(known(id)));
        if (details == null) {
            throw notFound(id);
        }
        return ScimUserForm.user(details);
    }

    @Override
    public PartialListResponse<User> listResources(
            long startIndex,
            int count,
            @Nullable FilterNode filter,
            @Nullable SchemaAttribute sortBy,
            @Nullable SortOrder sortOrder,
            List<SchemaAttribute> attributes,
            List<SchemaAttribute> excluded,
            Context context) {
        ScimCall call = (ScimCall) context;
        int offset = (int) Math.min(Integer.MAX_VALUE - getMaxResults(), Math.max(0, startIndex - 1));
        if (filter == null) {
            UserDetailsQueries.Page page = call.await(users.page(offset, count));
            return list(page.users(), page.total());
        }
        List<UserDetails> found = filtered(call, filter);
        return list(found.stream().skip(offset).limit(count).toList(), found.size());
    }

    private List<UserDetails> filtered(ScimCall call, FilterNode filter) {
        if (filter instanceof AttributeExpressionLeaf leaf && leaf.getComparator() == Comparator.EQ) {
            String value = leaf.getValue() == null ? "" : leaf.getValue();
            if (!ScimUserForm.storable(value)) {
                return List.of(); // nobody has what cannot be kept
            }
            switch (leaf.getSchemaAttribute().getName()) {
                case "userName" -> {
                    return call.await(users.byUserName(value));
                }
                case "externalId" -> {
                    return call.await(users.byExternalId(value));
                }
                case "id" -> {
                    UserDetails details = ID.matcher(value).matches()
                            ? call.<@Nullable UserDetails>await(users.byId(UUID.fromString(value)))
                            : null;
                    return Optional.ofNullable(details).stream().toList();
                }
                default -> {}
            }
        }
        throw new BadRequestException(
                "This filter is not supported. Expected: userName, externalId or id, eq, and a value.",
                ScimType.RFC7644.INVALID_FILTER);
    }

    private static PartialListResponse<User> list(List<UserDetails> details, long total) {
        return PartialListResponse.<User>builder()
                .resources(details.stream().map(ScimUserForm::user).toList())
                .totalResults(total)
                .build();
    }

    private static Outcome.Effective effective(ScimCall call, String id, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Effective effective -> {
                call.changed(effective.confirmed());
                yield effective;
            }
            case Outcome.NameTaken taken ->
                throw new ConflictException("Another user has this userName.", ScimType.RFC7644.UNIQUENESS);
            case Outcome.Refused refused ->
                throw switch (refused.rejection()) {
                    case NOT_IN_DIRECTORY -> notFound(id);
                    case ALREADY_KNOWN ->
                        new ConflictException("Another user has this id.", ScimType.RFC7644.UNIQUENESS);
                };
        };
    }

    private static UUID known(String id) {
        if (!ID.matcher(id).matches()) {
            throw notFound(id);
        }
        return UUID.fromString(id);
    }

    private static ResourceNotFoundException notFound(String id) {
        return new ResourceNotFoundException("There is no user with the id '" + id + "'.");
    }
}
