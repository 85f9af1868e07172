package tap.localstack.identity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import tap.localstack.infrastructure.LocalStackException;
import tap.localstack.infrastructure.SecretFile;

/**
 * The key that development tokens are signed with, kept with the stack's data so that tokens survive a restart. RS256, as most
 * providers sign: who verifies a token with each request, as the services do, verifies RSA in a tenth of the time.
 */
public final class DevelopmentKey {
    private static final int BITS = 2_048;

    private DevelopmentKey() {}

    /** Reads the key; makes it first if the file is not there, or anew if it holds one of another kind. */
    public static RSAKey loadOrCreate(Path file) {
        try {
            if (Files.exists(file) && JWK.parse(Files.readString(file)) instanceof RSAKey key) {
                return key;
            }
            RSAKey key = new RSAKeyGenerator(BITS)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .keyIDFromThumbprint(true)
                    .generate();
            SecretFile.write(file, key.toJSONString());
            return key;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JOSEException | ParseException e) {
            throw new LocalStackException(file + " holds no key. Run ./tap reset to begin anew.", e);
        }
    }
}
