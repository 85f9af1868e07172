package tap.testkit.architecture.crooked.common;

/** Breaks: names say what a thing is, and every package says what it holds. */
public record Things() {}
