package tap.policy.api;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

import de.captaingoldfish.scim.sdk.common.constants.ScimType;
import de.captaingoldfish.scim.sdk.common.constants.enums.SortOrder;
import de.captaingoldfish.scim.sdk.common.exceptions.BadRequestException;
import de.captaingoldfish.scim.sdk.common.exceptions.ConflictException;
import de.captaingoldfish.scim.sdk.common.exceptions.ResourceNotFoundException;
import de.captaingoldfish.scim.sdk.common.resources.User;
import de.captaingoldfish.scim.sdk.common.schemas.SchemaAttribute;
import de.captaingoldfish.scim.sdk.server.endpoints.Context;
import de.captaingoldfish.scim.sdk.server.endpoints.ResourceHandler;
import de.captaingoldfish.scim.sdk.server.filter.FilterNode;
import de.captaingoldfish.scim.sdk.server.response.PartialListResponse;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import tap.contract.UserNames;
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
    /** An id of the directory. */
    static final Pattern ID =
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
        Outcome.Effective effective = effective(call, profile.userId().toString(), outcome);
        return ScimUserForm.user(profile, person, effective.createdAt(), effective.changedAt());
    }

    @Override
    public User updateResource(User resource, Context context) {
        ScimCall call = (ScimCall) context;
        String id = resource.getId().orElse("");
        UserProfile profile = ScimUserForm.profile(known(id), resource);
        Person person = ScimUserForm.person(resource);
        effective(call, id, call.await(directory.replace(profile, person, call.metadata())));
        return details(id, call);
    }

    @Override
    public void deleteResource(String id, Context context) {
        ScimCall call = (ScimCall) context;
        effective(call, id, call.await(directory.remove(known(id), call.metadata())));
    }

    @Override
    public User getResource(
            String id, List<SchemaAttribute> attributes, List<SchemaAttribute> excluded, Context context) {
        return details(id, (ScimCall) context);
    }

    private User details(String id, ScimCall call) {
        UserDetails details = call.<@Nullable UserDetails>await(users.byId(known(id)));
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
        List<UserDetails> found = filtered(call, ScimFilter.of(filter));
        return list(found.stream().skip(offset).limit(count).toList(), found.size());
    }

    // By the one that finds fewest; the others only look at what was found.
    private List<UserDetails> filtered(ScimCall call, ScimFilter filter) {
        String id = filter.take("id");
        String userName = filter.take("userName");
        String externalId = filter.take("externalId");
        String active = filter.take("active");
        filter.refuseOthers("userName, externalId or id, with active");
        if (!ScimFilter.possibleId(id) || !ScimFilter.possibleText(userName) || !ScimFilter.possibleText(externalId)) {
            return List.of();
        }
        List<UserDetails> found;
        if (id != null) {
            UserDetails details = call.<@Nullable UserDetails>await(users.byId(UUID.fromString(id)));
            found = Optional.ofNullable(details).stream().toList();
        } else if (userName != null) {
            found = call.await(users.byUserName(userName));
        } else if (externalId != null) {
            found = call.await(users.byExternalId(externalId));
        } else {
            throw new BadRequestException(
                    "This filter is not supported. Expected: userName, externalId or id beside active.",
                    ScimType.RFC7644.INVALID_FILTER);
        }
        return found.stream()
                .filter(user -> userName == null || UserNames.key(userName).equals(user.foldedUserName))
                .filter(user -> externalId == null || externalId.equals(user.externalId))
                .filter(user -> active == null
                        || Boolean.parseBoolean(active) == user.profile().active())
                .toList();
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
                call.changed(List.of(effective.appended()));
                yield effective;
            }
            case Outcome.NameTaken taken ->
                throw new ConflictException("Another user has this userName.", ScimType.RFC7644.UNIQUENESS);
            case Outcome.Refused refused ->
                throw switch (refused.rejection()) {
                    case NOT_IN_DIRECTORY -> notFound(id);
                    case ALREADY_KNOWN ->
                        new ConflictException("Another user has this id.", ScimType.RFC7644.UNIQUENESS);
                    case TOO_MANY_GROUPS -> throw new IllegalStateException("no group was joined");
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
