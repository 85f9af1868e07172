package tap.policy.projections.groupdetails;

import java.io.Serializable;
import java.util.UUID;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** That somebody is a direct member of a group; to be asked by member. */
@Entity
@Immutable
@IdClass(GroupMembership.Key.class)
@Table(name = "group_member")
@SuppressWarnings("NullAway.Init") // filled by Hibernate
class GroupMembership extends PanacheEntityBase {
    @Id
    @Column(name = "member_id")
    String memberId;

    @Id
    @Column(name = "group_id")
    UUID groupId;

    record Key(String memberId, UUID groupId) implements Serializable {}
}
