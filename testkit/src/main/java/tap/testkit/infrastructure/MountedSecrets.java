package tap.testkit.infrastructure;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import tap.localstack.infrastructure.SecretFile;

/**
 * The folders of secrets that pass- and redemption-service find mounted, the same for all tests of a build.
 *
 * @param keys key rings: {@code pepper/<key id>} and {@code sealing/<key id>}, 32 random bytes in Base64, and {@code current} in each
 * @param signing private keys of tokens: {@code <kid>.pem} in PKCS#8, and {@code current}
 */
public record MountedSecrets(Path keys, Path signing) {

    /** Makes a set of its own under a folder. */
    public static MountedSecrets create(Path folder) {
        MountedSecrets secrets = new MountedSecrets(folder.resolve("keys"), folder.resolve("signing"));
        secrets.addKey("pepper", "pepper-1");
        secrets.addKey("sealing", "sealing-1");
        ECKey signing = TestAuthorizationServer.newKey();
        try {
            String pem = Base64.getMimeEncoder(64, new byte[] {'\n'})
                    .encodeToString(signing.toECPrivateKey().getEncoded());
            SecretFile.write(
                    secrets.signing.resolve(signing.getKeyID() + ".pem"),
                    "-----BEGIN PRIVATE KEY-----\n" + pem + "\n-----END PRIVATE KEY-----\n");
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        SecretFile.write(secrets.signing.resolve("current"), signing.getKeyID());
        return secrets;
    }

    /** Adds a key to a ring and makes it the current one. */
    public void addKey(String ring, String keyId) {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        SecretFile.write(keys.resolve(ring).resolve(keyId), Base64.getEncoder().encodeToString(key));
        SecretFile.write(keys.resolve(ring).resolve("current"), keyId);
    }
}
