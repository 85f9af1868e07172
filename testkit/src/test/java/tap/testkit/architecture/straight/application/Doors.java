package tap.testkit.architecture.straight.application;

import java.time.Clock;

import tap.testkit.architecture.straight.projections.DoorDetails;

/** Gathers what a command needs; may ask the clock. */
public record Doors(DoorDetails details, Clock clock) {}
