package tap.localstack.supervisor;

import java.time.Duration;

import tap.localstack.infrastructure.RunningProcess;

/** Ends a stack from outside, whether its supervisor lives or was killed. */
public final class StackStop {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private StackStop() {}

    /**
     * Ends everything of this stack and returns when it is gone; its data stays.
     *
     * @return whether anything ran
     */
    public static boolean stop(StackFolder folder) {
        RunningProcess supervisor = folder.state().map(StackState::supervisor).orElse(null);
        boolean ran = supervisor != null && supervisor.isAlive();
        if (supervisor != null) {
            supervisor.stop(PATIENCE);
        }
        int left = Leftovers.end(folder);
        folder.state().ifPresent(state -> folder.write(state.down()));
        return ran || left > 0;
    }
}
