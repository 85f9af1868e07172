package tap.localstack.identity;

import java.nio.file.Path;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tap.localstack.infrastructure.LocalStackException;
import tap.localstack.infrastructure.SecretFile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DevelopmentKeyTest {
    @TempDir
    private Path folder;

    @Test
    void a_key_is_kept_and_one_of_another_kind_is_made_anew() throws Exception {
        Path file = folder.resolve("key");
        SecretFile.write(
                file,
                new ECKeyGenerator(Curve.P_256)
                        .keyID("of an earlier build")
                        .generate()
                        .toJSONString());

        String made = DevelopmentKey.loadOrCreate(file).getKeyID();

        assertThat(made).isNotEqualTo("of an earlier build");
        assertThat(DevelopmentKey.loadOrCreate(file).getKeyID()).isEqualTo(made);
    }

    @Test
    void a_file_that_holds_no_key_is_named() {
        Path file = folder.resolve("key");
        SecretFile.write(file, "{}");

        assertThatThrownBy(() -> DevelopmentKey.loadOrCreate(file))
                .isInstanceOf(LocalStackException.class)
                .hasMessageContaining(file.toString());
    }
}
