package tap.testkit.architecture.crooked.application;

/** Breaks: a reaction lives in reactions. */
public record WhenStrayedThenIsLost() {}
