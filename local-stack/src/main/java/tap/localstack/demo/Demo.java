package tap.localstack.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import tap.localstack.identity.DevelopmentKey;
import tap.localstack.identity.DevelopmentTokens;
import tap.localstack.supervisor.StackFolder;
import tap.localstack.supervisor.StackState;
import tap.localstack.supervisor.Supervisor;

/** Plays the story on a running stack, measures it, and says what to try next. */
public final class Demo {
    private Demo() {}

    /**
     * @param folder the running stack's
     * @param out the terminal
     * @param warmUp how long the stack is driven before it is measured; zero leaves the measurement out
     */
    public static void run(StackFolder folder, PrintWriter out, Duration warmUp) throws InterruptedException {
        StackState state = folder.requireState();
        Stage stage = new Stage(out);
        Exchange gateway = new Exchange(state.gatewayUrl());
        Administrators administrators = new Administrators(
                new DevelopmentTokens(
                        DevelopmentKey.loadOrCreate(Supervisor.developmentKey(folder)), state.developmentIssuer()),
                state.users());
        String userId;
        try (EventFeed events = new EventFeed("127.0.0.1:" + state.kafkaPort())) {
            userId = new Story(stage, gateway, events, administrators).play();
        }
        if (!warmUp.isZero()) {
            List<String> users = new ArrayList<>(List.of(userId));
            while (users.size() < ConfirmationLatency.WARMING_CLIENTS) {
                users.add(Story.provision(gateway, administrators));
            }
            new ConfirmationLatency(stage, gateway, administrators, users, state.pods()).measure(warmUp, 100);
        }
        stage.say(next(state, userId));
    }

    private static String next(StackState state, String userId) {
        return """

                The stack goes on running: %1$s

                Try next:
                  # issue a pass for the demo's user, and keep the code
                  CODE=$(curl -s -X POST -H "Authorization: Bearer $(./tap token)" -H 'Content-Type: application/json' \\
                    -d '{"isUsableOnce": true}' %1$s/v1.0/users/%2$s/authentication/temporaryAccessPassMethods \\
                    | sed -n 's/.*"temporaryAccessPass" *: *"\\([^"]*\\)".*/\\1/p')
                  # redeem it (a second time, it is refused)
                  curl -s %1$s/oauth2/token -d grant_type=urn:tap:grant-type:temporary-access-pass -d client_id=demo \\
                    -d username=%2$s -d temporary_access_pass="$CODE"
                  # what the administrator sees
                  curl -s -H "Authorization: Bearer $(./tap token --role 'Global Reader')" \\
                    %1$s/v1.0/users/%2$s/authentication/temporaryAccessPassMethods
                  # the policy, the keys, the processes, the logs, and the end
                  curl -s -H "Authorization: Bearer $(./tap token --role 'Global Reader')" %1$s%3$s
                  curl -s %1$s/.well-known/jwks.json
                  ./tap status
                  ./tap logs redemption-service
                  ./tap down
                """.formatted(state.gatewayUrl(), userId, Story.POLICY);
    }
}
