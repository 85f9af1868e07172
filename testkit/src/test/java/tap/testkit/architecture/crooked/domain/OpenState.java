package tap.testkit.architecture.crooked.domain;

/** Breaks: states are sealed. */
public interface OpenState {}
