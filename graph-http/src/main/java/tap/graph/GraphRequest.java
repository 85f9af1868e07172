package tap.graph;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

import io.quarkus.arc.ClientProxy;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import org.eclipse.microprofile.jwt.JsonWebToken;
import tap.graph.access.AccessConfig;
import tap.graph.access.Caller;
import tap.graph.access.Callers;
import tap.graph.edge.Edge;
import tap.graph.edge.GraphConfig;
import tap.graph.error.GraphError;
import tap.graph.error.RequestIds;
import tap.graph.odata.BaseUrl;
import tap.graph.odata.ODataContext;

/** What a resource wants to know about the request it serves, apart from its parameters and body. */
@RequestScoped
public class GraphRequest {
    /** The attribute of an identity by which a service's own way to authenticate says who calls; a token has none. */
    public static final String CALLER = Caller.class.getName();

    private static final Pattern SKIP_TOKEN = Pattern.compile("[0-9]{1,9}");

    private final RoutingContext http;
    private final SecurityIdentity identity;
    private final GraphConfig config;
    private final Edge edge;
    private final Callers callers;

    GraphRequest(RoutingContext http, SecurityIdentity identity, GraphConfig config, AccessConfig access, Edge edge) {
        this.http = http;
        this.identity = identity;
        this.config = config;
        this.edge = edge;
        this.callers = new Callers(access);
    }

    /** The ids of this request; {@code requestId} is the correlation id of all that it causes. */
    public RequestIds ids() {
        return Edge.ids(http);
    }

    /**
     * Who calls.
     *
     * @throws tap.graph.error.GraphException 401 without credentials that name somebody
     */
    public Caller caller() {
        Caller known = http.get(Caller.class.getName());
        if (known != null) {
            return known;
        }
        Caller caller = authenticated();
        http.put(Caller.class.getName(), caller);
        return caller;
    }

    private Caller authenticated() {
        if (identity.getAttribute(CALLER) instanceof Caller caller) {
            return caller;
        }
        if (identity.getPrincipal() instanceof JsonWebToken token) {
            return callers.read(claim -> token.<Object>getClaim(claim));
        }
        throw GraphError.ofStatus(401).exception();
    }

    /** Says failures as errors of this request; also after the method that serves it has returned. */
    public Function<Throwable, Edge.Answer> failures() {
        RoutingContext served = ClientProxy.unwrap(http);
        return failure -> edge.answer(failure, served);
    }

    /** Every value that the header was sent with, empty ones included. */
    public List<String> headers(String name) {
        return http.request().headers().getAll(name);
    }

    /**
     * The earlier moment that the query asks about, or empty: it asks about now.
     *
     * @param parameter the query parameter's name
     * @throws tap.graph.error.GraphException 400 if it is no moment
     */
    public Optional<Moment> moment(String parameter) {
        return Moment.of(parameter, http.queryParam(parameter));
    }

    /** Whether the query has a parameter, of whatever value. */
    public boolean asks(String parameter) {
        return !http.queryParam(parameter).isEmpty();
    }

    /**
     * How many elements of a list were on pages before: the {@code $skiptoken} of a {@code nextLink}, or 0.
     *
     * @throws tap.graph.error.GraphException 400 if it is none that a link had
     */
    public int skipped() {
        List<String> tokens = http.queryParam("$skiptoken");
        if (tokens.isEmpty()) {
            return 0;
        }
        if (!SKIP_TOKEN.matcher(tokens.getFirst()).matches()) {
            throw GraphError.badRequest("The query parameter '$skiptoken' is not valid. Take it from @odata.nextLink.")
                    .exception();
        }
        return Integer.parseInt(tokens.getFirst());
    }

    /** {@code v1.0} or {@code beta}, as called. */
    public String version() {
        return Edge.path(http).startsWith("/beta/") ? "beta" : "v1.0";
    }

    /** Builds the context URLs and links of the answer. */
    public ODataContext odata() {
        return new ODataContext(
                BaseUrl.of(
                        config.publicUrl(),
                        http.request()::getHeader,
                        http.request().scheme()),
                version());
    }
}
