package tap.testkit.architecture.crooked.api;

import io.vertx.mutiny.sqlclient.Pool;

/** Breaks: api has no SQL client. */
public record QueryingResource(Pool pool) {}
