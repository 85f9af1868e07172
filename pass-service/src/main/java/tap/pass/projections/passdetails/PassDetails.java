package tap.pass.projections.passdetails;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;
import tap.pass.domain.Allowance;
import tap.pass.domain.IssuedPass;
import tap.pass.domain.UsabilityReason;

/** A user of the directory and the pass that the user has, if any: head, policy, directory and allowance in one row. */
@Entity
@Immutable
@Table(name = "pass_details")
@SuppressWarnings("NullAway.Init") // filled by Hibernate
public class PassDetails extends PanacheEntityBase {
    /** The user's id. */
    @Id
    @Column(name = "user_id")
    public UUID userId;

    /** Whether the user has any administrator role. */
    @Column(name = "administrator")
    public boolean administrator;

    @Column(name = "allowed")
    boolean allowed;

    @Column(name = "one_time_only")
    boolean oneTimeOnly;

    @Column(name = "pass_id")
    @Nullable
    UUID passId;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "starts_at")
    @Nullable
    Instant startsAt;

    @Column(name = "ends_at")
    Instant endsAt;

    @Column(name = "is_usable_once")
    Boolean isUsableOnce;

    @Column(name = "maximum_uses")
    @Nullable
    Integer maximumUses;

    @Column(name = "revoked")
    boolean revoked;

    @Column(name = "admitted")
    boolean admitted;

    @Column(name = "refused")
    boolean refused;

    @Column(name = "uses")
    int uses;

    @Column(name = "last_used_at")
    @Nullable
    Instant lastUsedAt;

    @Column(name = "spent")
    boolean spent;

    @Column(name = "expired")
    boolean expired;

    @Column(name = "locked")
    boolean locked;

    @Column(name = "withdrawn")
    boolean withdrawn;

    @Column(name = "now")
    Instant now;

    /** The pass as it is shown: none if the user never had one, or has let go of it everywhere. */
    public Optional<ShownPass> shown() {
        if (passId == null) {
            return Optional.empty();
        }
        IssuedPass pass = new IssuedPass(userId, passId, createdAt, startsAt, endsAt, isUsableOnce, maximumUses);
        Allowance allowance = new Allowance(admitted, refused, uses, lastUsedAt, spent, expired, locked, withdrawn);
        UsabilityReason.Terms terms = new UsabilityReason.Terms(allowed, oneTimeOnly);
        return ShownPass.of(pass, revoked, allowance, terms, now);
    }

    /**
     * A pass, and whether it is usable at the moment it was read.
     *
     * @param pass as it was issued
     * @param allowance what has become of it
     * @param reason whether and why it is usable
     */
    public record ShownPass(IssuedPass pass, Allowance allowance, UsabilityReason reason) {
        /** The latest pass of a user, or none if the user has let go of it everywhere. */
        public static Optional<ShownPass> of(
                IssuedPass pass, boolean revoked, Allowance allowance, UsabilityReason.Terms terms, Instant now) {
            return revoked && allowance.withdrawn()
                    ? Optional.empty()
                    : Optional.of(
                            new ShownPass(pass, allowance, UsabilityReason.of(pass, revoked, allowance, terms, now)));
        }

        /** A pass that the user has no longer: replaced, or deleted and withdrawn. */
        public static ShownPass gone(IssuedPass pass) {
            Allowance withdrawn = new Allowance(true, false, 0, null, false, false, false, true);
            return new ShownPass(pass, withdrawn, UsabilityReason.DISABLED_BY_POLICY);
        }
    }
}
