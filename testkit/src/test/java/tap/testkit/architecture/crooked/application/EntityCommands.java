package tap.testkit.architecture.crooked.application;

import jakarta.persistence.EntityManager;
import tap.testkit.architecture.crooked.api.QueryingResource;

/** Breaks: only projections use Panache; application does not see api. */
public record EntityCommands(EntityManager entities, QueryingResource resource) {}
