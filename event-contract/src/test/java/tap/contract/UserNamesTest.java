package tap.contract;

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class UserNamesTest {

    @ParameterizedTest
    @CsvSource({
        "Ada@Example.org, ada@example.ORG",
        "Straße, STRASSE",
        "STRAẞE, strasse",
        "ΟΔΟΣ, οδος",
        "οδοσ, οδος",
        "ﬁnn, FINN",
        "Ａｄａ, ada",
        "Kelvin, kelvin",
        "Zoe\u0308, ZO\u00CB",
    })
    void spellings_of_one_name_have_one_key(String one, String other) {
        assertThat(UserNames.key(one)).isEqualTo(UserNames.key(other));
    }

    @ParameterizedTest
    @CsvSource({"dılara, dilara", "Irmak, ırmak", "ada, adà", "a.b, ab", "σ, s"})
    void different_names_have_different_keys(String one, String other) {
        assertThat(UserNames.key(one)).isNotEqualTo(UserNames.key(other));
    }

    @Test
    void a_key_is_its_own_key() {
        IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .filter(Character::isDefined)
                .mapToObj(Character::toString)
                .map(UserNames::key)
                .forEach(key -> assertThat(UserNames.key(key)).isEqualTo(key));
    }
}
