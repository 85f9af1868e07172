package tap.localstack.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The script on a machine that lacks something, which is an empty project folder and a path of our making. */
class TapScriptIT {
    private static final Path SCRIPT = Path.of(System.getProperty("tap.root", ".."), "tap");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path project;

    @Test
    void a_missing_or_too_old_jdk_is_named_in_one_line() throws Exception {
        Files.writeString(project.resolve("tap"), Files.readString(SCRIPT).replace("needed=25", "needed=99"));

        Outcome refused = run(Map.of());

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.said())
                .startsWith("tap: TAP needs JDK 99 or newer and found none")
                .contains("set JAVA_HOME")
                .hasLineCount(1);
    }

    @Test
    void a_missing_maven_is_named_in_one_line() throws Exception {
        Files.copy(SCRIPT, project.resolve("tap"));
        Path programs = Files.createDirectory(project.resolve("programs"));
        for (String program : new String[] {
            "bash", "cat", "cksum", "dirname", "find", "java", "mkdir", "readlink", "sed", "sort", "tr", "xargs"
        }) {
            Files.createSymbolicLink(programs.resolve(program), onPath(program));
        }

        Outcome refused = run(Map.of("PATH", programs.toString()));

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.said()).startsWith("tap: TAP is built with Maven").hasLineCount(1);
    }

    private Outcome run(Map<String, String> environment) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        onPath("bash").toString(), project.resolve("tap").toString(), "up")
                .redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), said.strip());
    }

    private static Path onPath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private record Outcome(int exitCode, String said) {}
}
