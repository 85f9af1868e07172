package tap.localstack.cli;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tap.localstack.supervisor.StackFolder;

/** Which stack a command is about. */
final class DataOption {
    @Option(names = "--data", paramLabel = "FOLDER", description = "The stack's folder (default: .tap in the project).")
    private @Nullable Path data;

    StackFolder folder() {
        return StackFolder.at(data == null ? Project.root().resolve(".tap") : data);
    }
}
