package tap.policy.projections.groupdetails;

import java.time.Instant;
import java.util.UUID;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;
import org.jspecify.annotations.Nullable;

/** A group's names. */
@MappedSuperclass
@SuppressWarnings("NullAway.Init") // filled by Hibernate
public abstract class NamedGroup extends PanacheEntityBase {
    /** The group's id. */
    @Id
    @Column(name = "group_id")
    public UUID groupId;

    /** As provisioned; need not be unique. */
    @Column(name = "display_name")
    public String displayName;

    @Column(name = "folded_display_name")
    String foldedDisplayName;

    /** The provisioning side's own id. */
    @Column(name = "external_id")
    public @Nullable String externalId;

    /** When the group came. */
    @Column(name = "created_at")
    public Instant createdAt;

    /** When the group last changed, members included. */
    @Column(name = "changed_at")
    public Instant changedAt;
}
