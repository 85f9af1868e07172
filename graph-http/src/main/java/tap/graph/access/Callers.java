package tap.graph.access;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import jakarta.json.JsonString;
import org.jspecify.annotations.Nullable;
import tap.graph.error.GraphError;

/** Reads the caller from the claims of a token that was already verified. */
public final class Callers {
    private final AccessConfig config;

    /** Reads by these claim names. */
    public Callers(AccessConfig config) {
        this.config = config;
    }

    /**
     * A token with scopes is delegated, whatever else it says; one without them and with the application mark is an application;
     * any other is a delegated caller without a permission, and may do nothing. Only where the operator has said that applications
     * have scopes does the mark count more than they do.
     *
     * @param claims claim name to value (text, list, or what JSON has), null where the token has none
     * @throws tap.graph.error.GraphException 401 if the token names nobody
     */
    public Caller read(Function<String, @Nullable Object> claims) {
        String subject = config.subjectClaims().stream()
                .map(claim -> texts(at(claims, claim)))
                .flatMap(values -> values.stream().limit(1))
                .findFirst()
                .orElseThrow(() -> GraphError.unauthenticated("Access token names no subject.")
                        .exception());
        boolean scoped = config.scopeClaims().stream().anyMatch(claim -> at(claims, claim) != null);
        boolean marked = texts(at(claims, config.applicationClaim())).contains(config.applicationValue());
        if (marked && (!scoped || config.applicationsHaveScopes())) {
            return new Caller.Application(subject, permissions(all(claims, config.permissionClaims())));
        }
        Set<Permission> consented = permissions(all(claims, config.scopeClaims()));
        return switch (config.rolesFrom()) {
            case TOKEN ->
                new Caller.Delegated(subject, consented, AdministratorRole.allNamed(all(claims, config.rolesClaims())));
            case DIRECTORY -> Caller.Delegated.ofDirectory(subject, consented);
        };
    }

    // A name may hold slashes itself, as Auth0's do: it is looked for whole before it is taken for a path.
    private static @Nullable Object at(Function<String, @Nullable Object> claims, String path) {
        Object whole = claims.apply(path);
        if (whole != null || path.indexOf('/') < 0) {
            return whole;
        }
        String[] names = path.split("/", -1);
        Object value = claims.apply(names[0]);
        for (int i = 1; i < names.length; i++) {
            value = value instanceof Map<?, ?> object ? object.get(names[i]) : null;
        }
        return value;
    }

    private static List<String> all(Function<String, @Nullable Object> claims, List<String> names) {
        return names.stream().flatMap(name -> texts(at(claims, name)).stream()).toList();
    }

    // A text of scopes is a list of words (RFC 8693 §4.2); no permission has a blank in it.
    private static Set<Permission> permissions(Collection<String> values) {
        Set<Permission> permissions = EnumSet.noneOf(Permission.class);
        values.stream()
                .flatMap(value -> Arrays.stream(value.strip().split("\\s+")))
                .map(Permission::of)
                .flatMap(Optional::stream)
                .forEach(permissions::add);
        return permissions;
    }

    /** Providers write one value as a text and several as an array; both mean a list. Anything else grants nothing. */
    private static List<String> texts(@Nullable Object claim) {
        return switch (claim) {
            case null -> List.of();
            case String text when text.isBlank() -> List.of();
            case String text -> List.of(text);
            case JsonString text -> texts(text.getString());
            case Collection<?> values ->
                values.stream().flatMap(value -> texts(value).stream()).toList();
            default -> List.of();
        };
    }
}
