package tap.graph.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Optional;

/**
 * A moment as Graph's callers write it: ISO 8601 with any offset and 0 to 9 fractional digits. A blank in place of the {@code T} and a
 * missing offset (UTC) are read too, because PowerShell's documented sample sends them.
 */
public final class GraphInstant {
    private static final int MAX_LENGTH = 48;
    private static final DateTimeFormatter FORM = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendValue(ChronoField.YEAR, 4, 4, SignStyle.NOT_NEGATIVE)
            .appendPattern("-MM-dd")
            .appendPattern("['T'][' ']")
            .appendPattern("HH:mm")
            .optionalStart()
            .appendPattern(":ss")
            .optionalStart()
            .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
            .optionalEnd()
            .optionalEnd()
            .appendPattern("[' ']")
            .optionalStart()
            .appendOffset("+HH:MM", "Z")
            .optionalEnd()
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private GraphInstant() {}

    /** The moment, or empty if the text is none. */
    public static Optional<Instant> parse(String text) {
        // the form has both separators as optional parts, so exactly one of them is asked for here
        if (text.length() < 16
                || text.length() > MAX_LENGTH
                || "Tt ".indexOf(text.charAt(10)) < 0
                || !Character.isDigit(text.charAt(11))
                || text.endsWith(" ")) {
            return Optional.empty();
        }
        try {
            TemporalAccessor parsed = FORM.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
            return Optional.of(
                    parsed instanceof OffsetDateTime withOffset
                            ? withOffset.toInstant()
                            : LocalDateTime.from(parsed).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException notOne) {
            return Optional.empty();
        }
    }
}
