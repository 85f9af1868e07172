package tap.testkit.architecture.crooked.domain;

import io.smallrye.mutiny.Uni;

/** Breaks: domain knows no framework. */
public record FrameworkDecider(Uni<String> later) {}
