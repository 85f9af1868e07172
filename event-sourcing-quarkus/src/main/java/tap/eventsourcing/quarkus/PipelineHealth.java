package tap.eventsourcing.quarkus;

import io.smallrye.health.api.HealthGroup;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import tap.eventsourcing.Pipeline;

/** The way from log to topic and from topic to copy, in the group {@code pipeline}: never part of readiness, because deciding needs no Kafka. */
@HealthGroup("pipeline")
@Singleton
class PipelineHealth implements HealthCheck {
    private final Pipeline pipeline;

    PipelineHealth(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    @Override
    public HealthCheckResponse call() {
        Pipeline.Status status = pipeline.status();
        HealthCheckResponseBuilder answer =
                HealthCheckResponse.named("pipeline").status(status.up());
        status.details().forEach(answer::withData);
        return answer.build();
    }
}
