package tap.codes;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class PseudonymsTest {

    @TempDir
    Path folder;

    @Test
    void a_text_has_the_pseudonym_that_the_formula_says() {
        Pseudonyms pseudonyms = new Pseudonyms(Known.ring(folder, "k1", 0));

        // python3: hmac.new(bytes(range(32)), b"name" + b"ada@example.com", "sha256").hexdigest()
        assertThat(pseudonyms.of("ada@example.com"))
                .isEqualTo("327f66174bc3024e281c5222f7cd02efa4f610672ba04b32b5085e88f21d95a2");
    }

    @Test
    void another_pepper_makes_other_pseudonyms() {
        Pseudonyms one = new Pseudonyms(Known.ring(folder.resolve("one"), "k1", 0));
        Pseudonyms other = new Pseudonyms(Known.ring(folder.resolve("other"), "k1", 1));

        assertThat(one.of("ada")).isNotEqualTo(other.of("ada"));
    }
}
