package tap.redemption.application;

import java.util.List;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import tap.eventsourcing.followers.Follower;

/** Ready: every copy has once caught up with its topic. */
@Readiness
@Singleton
class CopiesReadiness implements HealthCheck {
    private final Followers followers;

    CopiesReadiness(Followers followers) {
        this.followers = followers;
    }

    @Override
    public HealthCheckResponse call() {
        List<String> behind = followers.all().stream()
                .filter(follower -> !follower.caughtUp())
                .map(Follower::topic)
                .sorted()
                .toList();
        return HealthCheckResponse.named("copies")
                .status(behind.isEmpty())
                .withData("behind", behind.isEmpty() ? "none" : String.join(", ", behind))
                .build();
    }
}
