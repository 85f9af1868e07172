package tap.redemption.application;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import tap.codes.Code;

import static org.assertj.core.api.Assertions.assertThat;

/** The page about security says what the code does. */
class SecurityPageTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| (\\d+) \\| (\\d+) \\| (\\d\\.\\de-\\d\\d) \\|$", Pattern.MULTILINE);
    private static final int COMPARED = Guessing.WRONG_CODES_THAT_LOCK - 1 + Guessing.PLACES;

    @Test
    void the_odds_of_each_length_are_those_of_the_guesses_that_are_compared() throws IOException {
        String page = Files.readString(Path.of("../docs/security.md"));
        List<MatchResult> rows = ROW.matcher(page).results().toList();
        assertThat(rows)
                .extracting(row -> Integer.parseInt(row.group(1)))
                .containsExactlyElementsOf(
                        IntStream.range(Code.SHORTEST, Code.STRONG_FROM).boxed().toList());
        assertThat(rows).allSatisfy(row -> {
            int bits = 5 * Integer.parseInt(row.group(1));
            assertThat(row.group(2)).isEqualTo(Integer.toString(bits));
            BigDecimal odds = BigDecimal.valueOf(COMPARED)
                    .divide(new BigDecimal(BigInteger.TWO.pow(bits)), new MathContext(2, RoundingMode.HALF_EVEN));
            assertThat(new BigDecimal(row.group(3))).isEqualByComparingTo(odds);
        });
        assertThat(page).contains("at most 9 + 32 = " + COMPARED + " guesses");
    }
}
