package tap.testkit.architecture.straight.projections;

import tap.testkit.architecture.straight.publishing.StoredDoor;

/** A read model. */
public record DoorDetails(StoredDoor door) {}
