package tap.testkit.architecture.crooked.application;

/** Breaks: names say what a thing is. */
public record DoorManager() {}
