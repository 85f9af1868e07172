package tap.testkit.architecture.straight.publishing;

import tap.testkit.architecture.straight.domain.Door;

/** How a door is written down. */
public record StoredDoor(Door door) {}
