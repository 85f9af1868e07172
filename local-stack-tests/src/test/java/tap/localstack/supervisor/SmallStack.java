package tap.localstack.supervisor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import tap.localstack.infrastructure.JavaCommand;
import tap.localstack.infrastructure.LocalStackException;

/** The main class of a supervisor's JVM in tests: {@code <folder> <port> <pods>}. */
final class SmallStack {
    private SmallStack() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        StackSettings settings = new StackSettings(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        try {
            Supervisor.start(StackFolder.at(folder), settings, programs(folder), System.out::println);
            System.out.println("READY");
            new CountDownLatch(1).await();
        } catch (LocalStackException e) {
            System.out.println("REFUSED " + e.getMessage());
            System.exit(1);
        }
    }

    private static List<ServiceProgram> programs(Path folder) throws Exception {
        Files.createDirectories(folder);
        // The class path in a file: a command line beyond 4 KiB cannot be read back from the system.
        Path classPath = folder.resolve("small-service.arguments");
        Files.writeString(classPath, "-cp\n\"" + JavaCommand.classPath() + "\"\n");
        return List.of("policy-service", "pass-service", "redemption-service").stream()
                .map(name -> new ServiceProgram(
                        name, List.of("@" + classPath, SmallService.class.getName(), name), List.of("-Xmx48m")))
                .toList();
    }
}
