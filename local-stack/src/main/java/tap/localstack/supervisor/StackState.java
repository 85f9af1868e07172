package tap.localstack.supervisor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tap.localstack.infrastructure.RunningProcess;

/**
 * What is known of a stack, kept in its folder so that the next command, or the next JVM after a kill, finds everything.
 *
 * @param settings what it was asked to be
 * @param supervisor the JVM that runs it, null when it is down
 * @param ready whether everything was started and answered
 * @param controlPort where the supervisor takes orders
 * @param controlToken what an order must carry
 * @param authorizationServerPort the development authorization server's port, kept for the life of the data
 * @param postgresPort PostgreSQL's port, kept while it is free
 * @param kafkaPort Kafka's port, kept while it is free
 * @param passwords password by role name
 * @param pods the pods of each service, running or not
 * @param users id of the development user by role name
 */
public record StackState(
        StackSettings settings,
        @Nullable RunningProcess supervisor,
        boolean ready,
        int controlPort,
        String controlToken,
        int authorizationServerPort,
        int postgresPort,
        int kafkaPort,
        Map<String, String> passwords,
        Map<String, List<Pod>> pods,
        Map<String, String> users) {

    /**
     * One process of a service.
     *
     * @param port on the loopback interface, kept while it is free
     * @param process the JVM as it was started last
     */
    public record Pod(int port, RunningProcess process) {
        /** Where the pod answers. */
        public String url() {
            return "http://127.0.0.1:" + port;
        }
    }

    /** The gateway's URL, which is the issuer of redeemed tokens too. */
    public String gatewayUrl() {
        return "http://localhost:" + settings.port();
    }

    /** The issuer of development tokens. */
    public String developmentIssuer() {
        return "http://127.0.0.1:" + authorizationServerPort;
    }

    /** Whether a supervisor runs this stack now. */
    public boolean isRunning() {
        return supervisor != null && supervisor.isAlive();
    }

    StackState withSupervisor(@Nullable RunningProcess now, int control, String token) {
        return new StackState(
                settings,
                now,
                false,
                control,
                token,
                authorizationServerPort,
                postgresPort,
                kafkaPort,
                passwords,
                pods,
                users);
    }

    StackState withReady(boolean now) {
        return new StackState(
                settings,
                supervisor,
                now,
                controlPort,
                controlToken,
                authorizationServerPort,
                postgresPort,
                kafkaPort,
                passwords,
                pods,
                users);
    }

    StackState withInfrastructure(int postgres, int kafka) {
        return new StackState(
                settings,
                supervisor,
                ready,
                controlPort,
                controlToken,
                authorizationServerPort,
                postgres,
                kafka,
                passwords,
                pods,
                users);
    }

    StackState withPasswords(Map<String, String> now) {
        return new StackState(
                settings,
                supervisor,
                ready,
                controlPort,
                controlToken,
                authorizationServerPort,
                postgresPort,
                kafkaPort,
                Map.copyOf(now),
                pods,
                users);
    }

    StackState withPod(String service, int index, Pod pod) {
        Map<String, List<Pod>> changed = new LinkedHashMap<>(pods);
        List<Pod> ofService = new ArrayList<>(changed.getOrDefault(service, List.of()));
        if (index < ofService.size()) {
            ofService.set(index, pod);
        } else {
            ofService.add(pod);
        }
        changed.put(service, List.copyOf(ofService));
        return new StackState(
                settings,
                supervisor,
                ready,
                controlPort,
                controlToken,
                authorizationServerPort,
                postgresPort,
                kafkaPort,
                passwords,
                changed,
                users);
    }

    StackState withUser(String role, String id) {
        Map<String, String> changed = new LinkedHashMap<>(users);
        changed.put(role, id);
        return new StackState(
                settings,
                supervisor,
                ready,
                controlPort,
                controlToken,
                authorizationServerPort,
                postgresPort,
                kafkaPort,
                passwords,
                pods,
                changed);
    }

    /** What is down, and where its ports were: the next start tries the same. */
    StackState down() {
        return withSupervisor(null, 0, "");
    }
}
