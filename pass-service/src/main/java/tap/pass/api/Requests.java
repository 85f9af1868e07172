package tap.pass.api;

import tap.eventsourcing.Metadata;
import tap.graph.GraphRequest;

/** What a request says of itself, in the words of the store. */
final class Requests {
    private Requests() {}

    /** Who asks, and under which id the request is followed through all services. */
    static Metadata metadata(GraphRequest request) {
        return new Metadata(request.caller().actor(), request.ids().requestId(), null);
    }
}
