package tap.eventsourcing.quarkus;

import java.util.List;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import tap.eventsourcing.Pipeline;

/** Ready: every copy has once caught up with its topic. */
@Readiness
@Singleton
class CopiesReadiness implements HealthCheck {
    private final Pipeline pipeline;

    CopiesReadiness(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    @Override
    public HealthCheckResponse call() {
        List<String> behind = pipeline.notCaughtUp();
        return HealthCheckResponse.named("copies")
                .status(behind.isEmpty())
                .withData("behind", behind.isEmpty() ? "none" : String.join(", ", behind))
                .build();
    }
}
