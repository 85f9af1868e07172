package tap.pass.projections.pendingpasses;

import java.time.Instant;
import java.util.UUID;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** A pass for which redemption-service has not said what it was asked for. */
@Entity
@Immutable
@Table(name = "pending_passes")
@SuppressWarnings("NullAway.Init") // filled by Hibernate
public class PendingPass extends PanacheEntityBase {
    @Id
    @Column(name = "key")
    String key;

    /** The pass. */
    @Column(name = "pass_id")
    public UUID passId;

    /** {@code passAdmission} or {@code passWithdrawal}. */
    @Column(name = "awaited")
    public String awaited;

    /** The user whose pass it is. */
    @Column(name = "user_id")
    public UUID userId;

    /** The instant of the event that asked. */
    @Column(name = "since")
    public Instant since;
}
