package tap.eventsourcing.quarkus;

import java.time.Duration;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import tap.eventsourcing.witness.Witness;

/** Ready: the database answers, and the witness names its present run, so that appends are accepted. */
@Readiness
@Singleton
class DatabaseReadiness implements AsyncHealthCheck {
    private static final String WITNESSED =
            "SELECT EXISTS (SELECT FROM witness WHERE run = pg_postmaster_start_time()) AS witnessed";
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Pool pool;
    private final Witness witness;
    private final String service;

    DatabaseReadiness(Pool pool, Witness witness, @ConfigProperty(name = "quarkus.application.name") String service) {
        this.pool = pool;
        this.witness = witness;
        this.service = service;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return pool.preparedQuery(WITNESSED)
                .execute()
                .map(rows -> rows.iterator().next().getBoolean("witnessed"))
                .invoke(witnessed -> {
                    if (!witnessed) {
                        witness.suspect();
                    }
                })
                .map(witnessed -> answer(witnessed, witness.state().describe(service)))
                .ifNoItem()
                .after(PATIENCE)
                .recoverWithItem(() -> answer(false, "the database does not answer"))
                .onFailure()
                .recoverWithItem(failure -> answer(false, "the database cannot be reached"));
    }

    private static HealthCheckResponse answer(boolean ready, String witness) {
        return HealthCheckResponse.named("database")
                .status(ready)
                .withData("witness", witness)
                .build();
    }
}
