package tap.testkit.architecture.crooked.projections;

import tap.testkit.architecture.crooked.application.EntityCommands;

/** Breaks: projections do not see who commands. */
public record NosyProjection(EntityCommands commands) {}
