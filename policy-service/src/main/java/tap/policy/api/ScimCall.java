package tap.policy.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import de.captaingoldfish.scim.sdk.server.endpoints.Context;
import de.captaingoldfish.scim.sdk.server.endpoints.authorize.Authorization;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.Appended;
import tap.eventsourcing.Metadata;

/** One SCIM request on its way through the SCIM SDK: who asks, and what the answer has to add to the SDK's. */
final class ScimCall extends Context {
    // Access decided before the SDK was asked.
    private static final Authorization ALREADY_DECIDED = new Authorization() {
        @Override
        public Set<String> getClientRoles() {
            return Set.of();
        }

        @Override
        public boolean authenticate(Map<String, String> headers, Map<String, String> parameters) {
            return true;
        }
    };

    private final Metadata metadata;
    private final List<Appended> changes = new ArrayList<>();
    private boolean changed;
    private @Nullable Throwable unexpected;

    ScimCall(Metadata metadata) {
        super(ALREADY_DECIDED);
        this.metadata = metadata;
    }

    Metadata metadata() {
        return metadata;
    }

    /** Waits on the virtual thread that the SDK runs on; the event loops are free meanwhile. */
    <T> T await(Uni<T> work) {
        try {
            return VertxContextSupport.subscribeAndAwait(() -> work);
        } catch (Throwable failure) {
            unexpected = failure;
            throw new IllegalStateException("answered beside the SDK", failure);
        }
    }

    /** Remembers what a change has appended; the answer to the whole call waits until all of it is effective. */
    void changed(List<Appended> appended) {
        changes.addAll(appended);
        changed = true;
    }

    /** What all changes of this call have appended; empty if it made none. */
    Optional<List<Appended>> changes() {
        return changed ? Optional.of(changes) : Optional.empty();
    }

    /** What went wrong below the SDK, which would answer it as an error of its own. */
    Optional<Throwable> unexpected() {
        return Optional.ofNullable(unexpected);
    }
}
