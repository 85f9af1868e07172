package tap.localstack.identity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import tap.localstack.infrastructure.LocalStackException;
import tap.localstack.infrastructure.SecretFile;

/** The key that development tokens are signed with, kept with the stack's data so that tokens survive a restart. */
public final class DevelopmentKey {
    private DevelopmentKey() {}

    /** Reads the key, making it first if the file is not there. */
    public static ECKey loadOrCreate(Path file) {
        try {
            if (!Files.exists(file)) {
                SecretFile.write(
                        file,
                        new ECKeyGenerator(Curve.P_256)
                                .keyUse(KeyUse.SIGNATURE)
                                .algorithm(JWSAlgorithm.ES256)
                                .keyIDFromThumbprint(true)
                                .generate()
                                .toJSONString());
            }
            return ECKey.parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JOSEException | ParseException e) {
            throw new LocalStackException(file + " holds no key. Run ./tap reset to begin anew.", e);
        }
    }
}
