package tap.localstack.supervisor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import tap.localstack.infrastructure.SecretFile;

/** Makes the secrets that a deployment mounts into pass- and redemption-service: key rings and signing keys. */
final class Secrets {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int KEY_BYTES = 32;

    private Secrets() {}

    /** The folder of the key rings {@code pepper} and {@code sealing}, each with a current key of 32 random bytes. */
    static Path keyRings(Path secrets) {
        for (String ring : new String[] {"pepper", "sealing"}) {
            byte[] key = new byte[KEY_BYTES];
            RANDOM.nextBytes(key);
            ensure(
                    secrets.resolve("keys").resolve(ring),
                    "development-1",
                    "development-1",
                    Base64.getEncoder().encodeToString(key));
        }
        return secrets.resolve("keys");
    }

    /** The folder of the keys that redeemed tokens are signed with: one for ES256, as PKCS#8 in PEM (RFC 7468 §10). */
    static Path signingKeys(Path secrets) {
        try {
            byte[] pkcs8 =
                    new ECKeyGenerator(Curve.P_256).generate().toECPrivateKey().getEncoded();
            String pem = "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(pkcs8)
                    + "\n-----END PRIVATE KEY-----\n";
            ensure(secrets.resolve("signing"), "development-1", "development-1.pem", pem);
            return secrets.resolve("signing");
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void ensure(Path folder, String id, String file, String content) {
        if (!Files.exists(folder.resolve("current"))) {
            SecretFile.write(folder.resolve(file), content);
            // Last, so that a start which was cut off begins anew.
            SecretFile.write(folder.resolve("current"), id);
        }
    }
}
