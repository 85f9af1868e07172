package tap.testkit.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds links in a Markdown file that lead nowhere: to a file that is not there, or to a heading that it does not have. */
final class MarkdownLinks {
    private static final Pattern LINK = Pattern.compile("(?<!!)\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6}\\s+(.+?)\\s*$");
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```\\s*$|`[^`\\n]*`");

    private MarkdownLinks() {}

    /** The dead links of this file, each as it is written. */
    static List<String> dead(Path file) {
        List<String> dead = new ArrayList<>();
        Matcher links = LINK.matcher(withoutCode(read(file)));
        while (links.find()) {
            String link = links.group(1);
            if (!link.matches("[a-z]+:.*") && !leadsSomewhere(file, link)) {
                dead.add(link);
            }
        }
        return dead;
    }

    private static boolean leadsSomewhere(Path file, String link) {
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path target = path.isEmpty() ? file : file.resolveSibling(path).normalize();
        return Files.exists(target) && (hash < 0 || anchors(target).contains(link.substring(hash + 1)));
    }

    // As GitHub makes them: lower case, punctuation gone, blanks to hyphens.
    private static List<String> anchors(Path target) {
        List<String> anchors = new ArrayList<>();
        Matcher headings = HEADING.matcher(read(target));
        while (headings.find()) {
            anchors.add(headings.group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N}\\s_-]", "")
                    .replace(' ', '-'));
        }
        return anchors;
    }

    // A link in code is an example. What is left of inline code keeps its place between brackets.
    private static String withoutCode(String markdown) {
        return CODE.matcher(markdown).replaceAll("code");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
