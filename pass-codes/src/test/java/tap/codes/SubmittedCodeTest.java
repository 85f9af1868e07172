package tap.codes;

import java.security.SecureRandom;
import java.util.Locale;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class SubmittedCodeTest {

    // what people and word processors put between characters: blanks, tab, no-break and thin space, hyphens, dashes
    private static final String[] SEPARATORS = {
        "", "", "", " ", "-", "\t", "\u00a0", "\u2009", "\u2010", "\u2011", "\u2013", " - "
    };

    @ParameterizedTest
    @CsvSource({
        "7K3M9QXZ, 7K3M9QXZ",
        "7k3m-9qxz, 7K3M9QXZ",
        "' 7K3M 9QXZ\r\n', 7K3M9QXZ",
        "oOiIlL, 001111",
        "U, U",
        "7K3M_9QXZ, 7K3M_9QXZ",
        "'', ''",
        "--, ''",
        "ı, ı",
        "ﬁ, ﬁ"
    })
    void input_is_normalised(String input, String normalised) {
        assertThat(SubmittedCode.of(input).normalised()).isEqualTo(normalised.getBytes(UTF_8));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("tap.codes.Seeds#seeds")
    void however_a_code_is_typed_it_is_that_code(long seed) {
        Random random = new Random(seed);
        SecureRandom drawing = new SecureRandom();
        for (int round = 0; round < 2_000; round++) {
            Code code = Code.draw(random.nextInt(Code.SHORTEST, Code.LONGEST + 1), drawing);
            String typed = typed(code.clearText(), random);
            SubmittedCode submitted = SubmittedCode.of(typed);
            assertThat(submitted.normalised()).as("typed as '%s'", typed).isEqualTo(code.symbols());
            assertThat(submitted.isStrong()).isEqualTo(code.isStrong());
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("tap.codes.Seeds#seeds")
    void any_input_is_taken_and_bounded(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder input = new StringBuilder();
            int length = random.nextInt(120);
            while (input.length() < length) {
                input.append((char) random.nextInt(0x10000));
            }
            assertThat(SubmittedCode.of(input.toString()).normalised()).hasSizeLessThanOrEqualTo(3 * Code.LONGEST);
        }
    }

    @Test
    void length_counts_after_normalisation() {
        assertThat(SubmittedCode.of("-".repeat(900) + "7".repeat(22)).isStrong())
                .isFalse();
        assertThat(SubmittedCode.of("7 ".repeat(22)).isStrong()).isFalse();
        assertThat(SubmittedCode.of("7 ".repeat(23)).isStrong()).isTrue();
        assertThat(SubmittedCode.of("7-".repeat(48)).normalised()).hasSize(48);
    }

    @Test
    void input_that_is_too_long_matches_nothing_and_costs_no_argon2() {
        for (String tooLong :
                new String[] {"7".repeat(49), "7-".repeat(49), " ".repeat(1_025), "7".repeat(10_000_000)}) {
            assertThat(SubmittedCode.of(tooLong).normalised()).isEmpty();
            assertThat(SubmittedCode.of(tooLong).isStrong()).isTrue();
        }
        assertThat(SubmittedCode.of(" ".repeat(1_024)).isStrong()).isFalse();
    }

    @Test
    void printing_hides_the_input() {
        assertThat(SubmittedCode.of(Known.SHORT_CODE)).hasToString("SubmittedCode[hidden]");
    }

    private static String typed(String code, Random random) {
        StringBuilder typed = new StringBuilder();
        for (int i = 0; i < code.length(); i++) {
            char c = code.charAt(i);
            String symbol = switch (c) {
                case '0' -> pick(random, "0", "O");
                case '1' -> pick(random, "1", "I", "L");
                default -> String.valueOf(c);
            };
            typed.append(random.nextBoolean() ? symbol : symbol.toLowerCase(Locale.ROOT));
            typed.append(pick(random, SEPARATORS));
        }
        return pick(random, SEPARATORS) + typed;
    }

    private static String pick(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
