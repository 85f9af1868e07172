package tap.graph.edge;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A path as the log may have it. User names and mistyped codes arrive in paths, and neither may be logged: a segment that follows a
 * collection is kept only if it is a GUID, any other only if it looks like one of our own words.
 */
final class LoggedPath {
    private static final Pattern GUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern WORD = Pattern.compile("[$A-Za-z]{1,48}|v[0-9](?:\\.[0-9])?|oauth2");
    private static final Set<String> COLLECTIONS =
            Set.of("users", "groups", "temporaryaccesspassmethods", "authenticationmethodconfigurations");
    private static final int MAX_SEGMENTS = 12;

    private LoggedPath() {}

    /** The path without its query, each segment that might name a person or hold a secret replaced by {@code *}. */
    static String of(String path) {
        List<String> logged = new ArrayList<>();
        String previous = "";
        String[] segments = path.split("[/?#]", MAX_SEGMENTS + 2);
        for (int i = 1; i < Math.min(segments.length, MAX_SEGMENTS + 1); i++) {
            boolean key = COLLECTIONS.contains(previous);
            logged.add(kept(segments[i], key) ? segments[i] : "*");
            previous = segments[i].toLowerCase(Locale.ROOT);
        }
        return "/" + String.join("/", logged);
    }

    private static boolean kept(String segment, boolean key) {
        return segment.isEmpty()
                || GUID.matcher(segment).matches()
                || segment.equals("$count")
                || (!key && WORD.matcher(segment).matches())
                || segment.equalsIgnoreCase("TemporaryAccessPass");
    }
}
