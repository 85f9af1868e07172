package tap.testkit.architecture.crooked.publishing;

import tap.testkit.architecture.crooked.projections.NosyProjection;

/** Breaks: publishing does not see the read models. */
public record NosyPublication(NosyProjection projection) {}
