package tap.policy.projections.groupdetails;

import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** A group without its members. */
@Entity
@Immutable
@Table(name = "directory_group")
public class GroupDetails extends NamedGroup {}
