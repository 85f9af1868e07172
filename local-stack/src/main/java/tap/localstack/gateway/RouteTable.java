package tap.localstack.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Which service answers which path: the table that compose and Kubernetes read too. The longest prefix wins. */
public final class RouteTable {
    private final List<Route> longestFirst;

    /** A table of these routes, one of which must be {@code /}. */
    public RouteTable(List<Route> routes) {
        this.longestFirst = routes.stream()
                .sorted(Comparator.comparingInt((Route route) -> route.path().length())
                        .reversed())
                .toList();
        if (routes.stream().noneMatch(route -> route.path().equals("/"))) {
            throw new IllegalArgumentException("a route for / is missing: every path has an answer");
        }
    }

    /** The table of every deployment, {@code routes.json} on the class path. */
    public static RouteTable load() {
        JsonMapper mapper = JsonMapper.builder()
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .build();
        try (InputStream file = RouteTable.class.getResourceAsStream("/routes.json")) {
            return new RouteTable(mapper.readValue(Objects.requireNonNull(file), Document.class)
                    .routes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The route of a request path. */
    public Route of(String path) {
        return longestFirst.stream()
                .filter(route -> route.matches(path))
                .findFirst()
                .orElseThrow();
    }

    private record Document(List<Route> routes) {}
}
