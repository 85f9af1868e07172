package tap.localstack.cli;

import java.util.List;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tap.localstack.identity.AdministratorRole;
import tap.localstack.identity.DevelopmentKey;
import tap.localstack.identity.DevelopmentTokens;
import tap.localstack.infrastructure.LocalStackException;
import tap.localstack.supervisor.StackFolder;
import tap.localstack.supervisor.StackState;
import tap.localstack.supervisor.Supervisor;

/** {@code ./tap token}. Prints the token and nothing else on standard output. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = "Print an access token for the administrative APIs.")
public final class TokenCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data = new DataOption();

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "Act as this role's development user (default: Authentication Administrator).")
    private @Nullable String role;

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            description = "The permissions, separated by blanks (default: all).")
    private @Nullable String scope;

    @Option(
            names = "--user",
            paramLabel = "ID",
            description = "Act as this user, without a role unless --role is given.")
    private @Nullable String user;

    @Option(names = "--app", description = "Act as an application, not for a user.")
    private boolean application;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        StackFolder folder = data.folder();
        StackState state = folder.requireState();
        DevelopmentTokens tokens = new DevelopmentTokens(
                DevelopmentKey.loadOrCreate(Supervisor.developmentKey(folder)), state.developmentIssuer());
        spec.commandLine().getOut().println(token(tokens, state));
        spec.commandLine().getOut().flush();
        return 0;
    }

    private String token(DevelopmentTokens tokens, StackState state) {
        List<String> permissions = scope == null
                ? DevelopmentTokens.ALL_PERMISSIONS
                : List.of(scope.strip().split("\\s+"));
        if (application) {
            if (role != null || user != null) {
                throw new LocalStackException(
                        "An application has no role and is no user: leave out --role and --user, or --app.");
            }
            return tokens.application(permissions);
        }
        if (user != null) {
            return tokens.delegated(user, role == null ? null : AdministratorRole.named(role), permissions);
        }
        AdministratorRole acting =
                role == null ? AdministratorRole.AUTHENTICATION_ADMINISTRATOR : AdministratorRole.named(role);
        @Nullable String id = state.users().get(acting.displayName());
        if (id == null) {
            throw new LocalStackException(
                    "The development users do not exist yet. Run ./tap up once, which makes them.");
        }
        return tokens.delegated(id, acting, permissions);
    }
}
