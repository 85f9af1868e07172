package tap.endtoend;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

import tap.localstack.infrastructure.Directories;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Packaged services of several builds, and a folder that a stack takes for the project's: whichever build of a service is put in there
 * is what its next pod runs.
 */
final class ServiceBuilds {
    private final Path project;
    private final Path builds;
    private final Path inUse;

    /**
     * @param project the folder of the parent pom, with every service packaged
     * @param target where to keep the builds; emptied
     */
    ServiceBuilds(Path project, Path target) throws IOException {
        this.project = project;
        this.builds = target.resolve("builds").toAbsolutePath();
        this.inUse = target.resolve("in-use").toAbsolutePath();
        Directories.delete(target);
        Files.createDirectories(builds);
        Files.createDirectories(inUse);
        for (String service : List.of("policy-service", "pass-service", "redemption-service")) {
            use(service, project.resolve(service));
        }
    }

    /** What a stack is given as the project's folder. */
    Path folder() {
        return inUse;
    }

    /** Has the next pods of a service run a build. */
    void use(String service, Path build) throws IOException {
        Path fresh = inUse.resolve(service + ".new");
        Files.createSymbolicLink(fresh, build);
        Files.move(fresh, inUse.resolve(service), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Packages a service with some of its sources changed, as a later release has them.
     *
     * @return the build
     */
    Path changed(String name, String service, List<Change> changes) throws IOException {
        Path packaged = project.resolve(service).resolve("target/quarkus-app");
        Path build = builds.resolve(name).resolve(service);
        Path app = build.resolve("target/quarkus-app");
        Files.createDirectories(app.resolve("app"));
        for (String same : List.of("lib", "quarkus")) {
            Files.createSymbolicLink(app.resolve(same), packaged.resolve(same));
        }
        Files.copy(packaged.resolve("quarkus-run.jar"), app.resolve("quarkus-run.jar"));
        Path jar = onlyJar(packaged.resolve("app"));
        Path copy = app.resolve("app").resolve(jar.getFileName());
        Files.copy(jar, copy);
        try (FileSystem into = FileSystems.newFileSystem(URI.create("jar:" + copy.toUri()), Map.of())) {
            Path classes = compiled(build, packaged, jar, sources(changes));
            try (Stream<Path> made = Files.walk(classes).filter(Files::isRegularFile)) {
                for (Path one : made.toList()) {
                    Path there = into.getPath("/" + classes.relativize(one));
                    Files.createDirectories(there.getParent());
                    Files.copy(one, there, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        return build;
    }

    private Map<String, String> sources(List<Change> changes) throws IOException {
        Map<String, String> sources = new LinkedHashMap<>();
        for (Change change : changes) {
            String now = sources.containsKey(change.file)
                    ? sources.get(change.file)
                    : Files.readString(project.resolve(change.file));
            assertThat(now).as(change.file).containsOnlyOnce(change.before);
            sources.put(change.file, now.replace(change.before, change.after));
        }
        return sources;
    }

    private static Path compiled(Path build, Path packaged, Path jar, Map<String, String> sources) throws IOException {
        Path classes = Files.createDirectories(build.resolve("classes"));
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = build.resolve(source.getKey());
            Files.createDirectories(file.getParent());
            files.add(Files.writeString(file, source.getValue()));
        }
        String path;
        try (Stream<Path> libraries = Files.list(packaged.resolve("lib/main"))) {
            path = Stream.concat(Stream.of(jar), libraries).map(Path::toString).collect(Collectors.joining(":"));
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        boolean compiled = compiler.getTask(
                        said,
                        null,
                        null,
                        List.of("-proc:none", "-parameters", "-d", classes.toString(), "-cp", path),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjectsFromPaths(files))
                .call();
        assertThat(compiled).as(said.toString()).isTrue();
        return classes;
    }

    private static Path onlyJar(Path folder) throws IOException {
        try (Stream<Path> jars = Files.list(folder)) {
            return jars.findFirst().orElseThrow(() -> new UncheckedIOException(new IOException(folder + " is empty")));
        }
    }

    /**
     * A change of a source file.
     *
     * @param file from the project's folder
     * @param before what stands there, once
     * @param after what takes its place
     */
    record Change(String file, String before, String after) {}
}
