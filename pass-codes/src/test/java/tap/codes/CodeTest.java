package tap.codes;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CodeTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 22, 23, 47, 48})
    void a_code_has_the_asked_length_and_only_symbols_of_crockford(int length) {
        assertThat(Code.draw(length, RANDOM).clearText()).hasSize(length).matches("[0-9A-HJKMNP-TV-Z]+");
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 7, 49, Integer.MAX_VALUE})
    void other_lengths_are_refused(int length) {
        assertThatThrownBy(() -> Code.draw(length, RANDOM))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A code has 8 to 48 characters, not " + length + ".");
    }

    @Test
    void every_symbol_is_equally_likely() {
        byte[] everyByte = new byte[32];
        int[] drawn = new int[128];
        for (int high = 0; high < 8; high++) {
            for (int low = 0; low < 32; low++) {
                everyByte[low] = (byte) (high * 32 + low);
            }
            Code.draw(32, Known.random(everyByte)).clearText().chars().forEach(c -> drawn[c]++);
        }
        assertThat("0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars().map(c -> drawn[c]))
                .hasSize(32)
                .containsOnly(8);
    }

    @Test
    void codes_differ() {
        Set<String> codes = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            codes.add(Code.draw(16, RANDOM).clearText());
        }
        assertThat(codes).hasSize(1_000);
    }

    @ParameterizedTest
    @CsvSource({"8, false", "22, false", "23, true", "48, true"})
    void strong_begins_at_112_bits(int length, boolean strong) {
        assertThat(Code.draw(length, RANDOM).isStrong()).isEqualTo(strong);
        assertThat(length * 5 >= 112).isEqualTo(strong);
    }

    @Test
    void printing_hides_the_code() {
        assertThat(Known.code(Known.SHORT_CODE)).hasToString("Code[hidden]");
        assertThat(Known.code(Known.SHORT_CODE).clearText()).isEqualTo(Known.SHORT_CODE);
    }
}
