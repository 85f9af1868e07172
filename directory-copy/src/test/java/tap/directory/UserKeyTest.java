package tap.directory;

import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class UserKeyTest {
    private static final UUID ID = UUID.fromString("0199c0de-0000-7000-8000-0000000000af");

    @Test
    void an_id_is_an_id_in_any_case() {
        assertThat(UserKey.of("0199C0DE-0000-7000-8000-0000000000AF").id()).isEqualTo(ID);
        assertThat(UserKey.of(ID.toString()).id()).isEqualTo(ID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ada@example.org",
                "1-1-1-1-1",
                "",
                "0199c0de-0000-7000-8000-0000000000ag",
                "٠199c0de-0000-7000-8000-0000000000af"
            })
    void anything_else_is_a_name(String given) {
        assertThat(UserKey.of(given).id()).isNull();
    }

    @Test
    void names_are_compared_without_regard_to_case_and_form() {
        assertThat(UserKey.of("Ada＠Example.ORG").nameKey())
                .isEqualTo(UserKey.of("ada@example.org").nameKey());
    }
}
