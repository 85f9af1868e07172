package tap.policy.projections.pendingchanges;

import java.time.Instant;
import java.util.UUID;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** An event that not every follower is known to have passed. */
@Entity
@Immutable
@Table(name = "pending_changes")
@SuppressWarnings("NullAway.Init") // filled by Hibernate
public class PendingChange extends PanacheEntityBase {
    /** The event. */
    @Id
    @Column(name = "event_id")
    public UUID eventId;

    /** {@code policyChange}, {@code userChange} or {@code groupChange}. */
    @Column(name = "kind")
    public String kind;

    /** The instant of the event. */
    @Column(name = "since")
    public Instant since;

    @Column(name = "stream_id")
    String streamId;

    /** The user whom it is about, or null: more than one. */
    public @Nullable String userId() {
        return kind.equals(PendingChangesProjection.USER) ? streamId : null;
    }
}
