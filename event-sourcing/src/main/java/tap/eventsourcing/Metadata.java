package tap.eventsourcing;

import org.jspecify.annotations.Nullable;

/**
 * Who and what caused an event.
 *
 * @param actor an opaque id: a directory user, an application, or a service's own name; never a person's name
 * @param correlationId follows one request through all services
 * @param causationId id of the event that was reacted to, or {@code null}
 */
public record Metadata(
        String actor, String correlationId, @Nullable String causationId) {}
