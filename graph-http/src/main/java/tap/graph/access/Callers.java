package tap.graph.access;

import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
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
     * A token with {@code scp} is delegated, whatever else it says; one without it and with the application marker is an
     * application; any other is a delegated caller without a permission, and may do nothing.
     *
     * @param claims claim name to value (text, list or JSON array), null where the token has none
     * @throws tap.graph.error.GraphException 401 if the token names nobody
     */
    public Caller read(Function<String, @Nullable Object> claims) {
        String subject = config.subjectClaims().stream()
                .map(claim -> texts(claims.apply(claim)))
                .flatMap(values -> values.stream().limit(1))
                .findFirst()
                .orElseThrow(() -> GraphError.unauthenticated("Access token names no subject.")
                        .exception());
        Object scopes = claims.apply("scp");
        if (scopes == null && texts(claims.apply(config.applicationClaim())).contains(config.applicationValue())) {
            return new Caller.Application(subject, permissions(texts(claims.apply("roles"))));
        }
        Set<String> consented = new LinkedHashSet<>();
        texts(scopes).forEach(text -> consented.addAll(List.of(text.strip().split("\\s+"))));
        return new Caller.Delegated(subject, permissions(consented), roles(texts(claims.apply(config.rolesClaim()))));
    }

    private static Set<Permission> permissions(Collection<String> values) {
        Set<Permission> permissions = EnumSet.noneOf(Permission.class);
        values.stream().map(Permission::of).flatMap(Optional::stream).forEach(permissions::add);
        return permissions;
    }

    private static Set<AdministratorRole> roles(Collection<String> values) {
        Set<AdministratorRole> roles = EnumSet.noneOf(AdministratorRole.class);
        values.stream().map(AdministratorRole::named).flatMap(Optional::stream).forEach(roles::add);
        return roles;
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
