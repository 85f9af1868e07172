package tap.graph.json;

import java.util.function.Function;

/**
 * The body of a Graph request, not yet understood. Resource methods take one as their parameter and read it once.
 *
 * <pre>{@code
 * IssueRequest request = body.read("#microsoft.graph.temporaryAccessPassAuthenticationMethod", members -> new IssueRequest(
 *         members.integer("lifetimeInMinutes"), members.bool("isUsableOnce"), members.instant("startDateTime")));
 * }</pre>
 */
public final class RequestBody {
    private final byte[] bytes;

    /** Holds the bytes as they arrived. */
    public RequestBody(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /**
     * Reads the one JSON object that the body must hold. Members that contain {@code @odata.} are ignored.
     *
     * @param odataType what {@code @odata.type} must say, where it says anything; with its leading {@code #}
     * @param reading takes every member that is known here
     * @throws tap.graph.error.GraphException 400: malformed, too deep, a member repeated, unknown or of a wrong kind
     */
    public <T> T read(String odataType, Function<Members, T> reading) {
        return Members.read(JsonTree.object(bytes), "", members -> {
            members.requireType(odataType);
            return reading.apply(members);
        });
    }

    @Override
    public String toString() {
        return "RequestBody[" + bytes.length + " bytes]";
    }
}
