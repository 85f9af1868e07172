package tap.codes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;

import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class KeyRingTest {

    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    @TempDir
    Path folder;

    @Test
    void a_folder_of_keys_is_loaded() {
        write("2026-11", KEY);
        write("2026-10", " " + KEY + "\r\n\n");
        write("current", "2026-11\n");

        KeyRing ring = KeyRing.load(folder);

        assertThat(ring.currentId()).isEqualTo(new KeyId("2026-11"));
        assertThat(ring.has(new KeyId("2026-10"))).isTrue();
        assertThat(ring.has(new KeyId("2026-12"))).isFalse();
        assertThat(ring.key(new KeyId("2026-10")).bytes().toByteArray())
                .isEqualTo(Base64.getDecoder().decode(KEY));
    }

    @Test
    void what_kubernetes_mounts_beside_the_keys_is_left_alone() throws IOException {
        Path data = Files.createDirectory(folder.resolve("..2026_11_23"));
        Files.writeString(data.resolve("k1"), KEY);
        Files.writeString(data.resolve("current"), "k1");
        Files.createSymbolicLink(folder.resolve("..data"), data.getFileName());
        Files.createSymbolicLink(folder.resolve("k1"), Path.of("..data", "k1"));
        Files.createSymbolicLink(folder.resolve("current"), Path.of("..data", "current"));

        assertThat(KeyRing.load(folder).currentId()).isEqualTo(new KeyId("k1"));
    }

    @Test
    void a_missing_folder_is_named() {
        Path missing = folder.resolve("pepper");
        assertThatThrownBy(() -> KeyRing.load(missing))
                .isInstanceOf(KeyRingException.class)
                .hasMessageContaining("There is no key folder " + missing)
                .hasMessageContaining("Mount the secret there");
    }

    @Test
    void a_missing_or_wrong_current_file_is_named_with_the_choices() {
        assertRefused()
                .hasMessage("There is no file " + folder.resolve("current")
                        + ". Write the id of the key for new verifiers into it.");
        write("k1", KEY);
        assertRefused()
                .hasMessage("There is no file " + folder.resolve("current")
                        + ". Write the id of the key for new verifiers into it, one of [k1].");
        write("current", "k2");
        assertRefused()
                .hasMessageStartingWith(folder.resolve("current") + " names no key of this folder, which has [k1].");
        write("current", KEY);
        assertRefused()
                .hasMessageStartingWith(folder.resolve("current") + " names no key")
                .hasMessageNotContaining("AAEC");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "AAEC",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g"
            })
    void a_key_of_another_length_is_refused(String content) {
        write("k1", content);
        assertRefused()
                .hasMessageStartingWith("The key " + folder.resolve("k1") + " has ")
                .hasMessageContaining("openssl rand -base64 32");
    }

    @Test
    void a_key_that_is_not_base64_is_refused_without_quoting_it() {
        write("k1", "not*base64*SECRET");
        assertRefused()
                .hasMessageStartingWith("The key " + folder.resolve("k1") + " is not Base64.")
                .hasMessageNotContaining("SECRET")
                .hasNoCause();
    }

    @Test
    void what_cannot_be_a_key_is_refused() throws IOException {
        write("k1", "A".repeat(1_025));
        assertRefused().hasMessageContaining("is larger than 1024 bytes");
        write("k1", KEY);
        write("a key", KEY);
        assertRefused().hasMessageStartingWith(folder.resolve("a key") + " cannot be a key");
        Files.delete(folder.resolve("a key"));
        Files.createDirectory(folder.resolve("k2"));
        assertRefused().hasMessageStartingWith(folder.resolve("k2") + " is not a file");
    }

    @Test
    void the_check_at_start_names_every_missing_key() {
        KeyRing ring = Known.ring(folder, "k1", 0);
        ring.requireAll(Set.of());
        ring.requireAll(List.of(new KeyId("k1"), new KeyId("k1")));
        assertThatThrownBy(() -> ring.requireAll(List.of(new KeyId("k3"), new KeyId("k1"), new KeyId("k2"))))
                .isInstanceOf(KeyRingException.class)
                .hasMessageContaining(folder + " lacks [k2, k3]")
                .hasMessageContaining("Put the files back");
    }

    @Test
    void printing_shows_ids_and_no_key() {
        assertThat(Known.ring(folder, "k1", 0)).hasToString("KeyRing[" + folder + ", keys [k1], current k1]");
        assertThat(Known.ring(folder, "k1", 0).current()).hasToString("Key[id=k1, bytes=32 hidden bytes]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "current", ".k", "a/b", "../k", "ä", "k k", "k\n"})
    void a_bad_key_id_is_refused(String id) {
        assertThatThrownBy(() -> new KeyId(id)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_key_in_the_place_of_a_key_id_is_not_quoted() {
        assertThatThrownBy(() -> new KeyId(KEY)).hasMessageStartingWith("'AAEC…' cannot be a key id");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() {
        return assertThatThrownBy(() -> KeyRing.load(folder)).isInstanceOf(KeyRingException.class);
    }

    private void write(String name, String content) {
        Known.write(folder.resolve(name), content);
    }
}
