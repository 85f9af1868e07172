package tap.testkit.architecture.straight.api;

import tap.testkit.architecture.straight.application.Doors;

/** Translates HTTP. */
public record DoorResource(Doors doors) {}
