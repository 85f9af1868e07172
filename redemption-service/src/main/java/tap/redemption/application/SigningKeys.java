package tap.redemption.application;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

import org.bouncycastle.jce.ECNamedCurveTable;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.Headers;
import org.jose4j.lang.JoseException;

/**
 * The private keys that sign tokens, from a folder of mounted secrets: {@code <kid>.pem} files in PKCS#8 and a file
 * {@code current} with the kid that signs. All of them are published, so that tokens of yesterday's key stay verifiable. The
 * kind of the current key selects the algorithm: P-256 → ES256, RSA → RS256.
 */
public final class SigningKeys {
    private static final String SUFFIX = ".pem";
    private static final int LEAST_RSA_BITS = 2_048;
    private static final int P256_BITS = 256;

    private static final Pattern COMPACT = Pattern.compile("[\\w-]+\\.[\\w-]+\\.[\\w-]+");

    private final Map<String, Key> keys;
    private final Key current;

    private SigningKeys(Map<String, Key> keys, Key current) {
        this.keys = keys;
        this.current = current;
    }

    /**
     * Reads the folder.
     *
     * @throws IllegalStateException naming the file that is missing or of no use, and what to do
     */
    public static SigningKeys load(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalStateException("There is no folder of signing keys " + folder
                    + ". Mount the secret there (tap.signing.directory), with <kid>.pem files and a file 'current'.");
        }
        Map<String, Key> keys = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (!name.startsWith(".")) {
                    String kid = name.substring(0, name.length() - SUFFIX.length());
                    keys.put(kid, read(kid, file));
                }
            }
            Path currentFile = folder.resolve("current");
            if (!Files.exists(currentFile)) {
                throw new IllegalStateException("There is no file " + currentFile
                        + ". Write the kid of the key that signs into it, one of " + keys.keySet() + ".");
            }
            Key current = keys.get(Files.readString(currentFile).strip());
            if (current == null) {
                throw new IllegalStateException(
                        currentFile + " names no key of its folder. Write one of " + keys.keySet() + " into it.");
            }
            return new SigningKeys(keys, current);
        } catch (IOException e) {
            throw new IllegalStateException("The signing keys in " + folder + " cannot be read: " + e, e);
        }
    }

    /** A compact JWS over the claims, by the current key, of this {@code typ}. */
    String sign(String type, String claims) {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setHeader("typ", type);
        jws.setKeyIdHeaderValue(current.kid);
        jws.setAlgorithmHeaderValue(current.algorithm);
        jws.setKey(current.privateKey);
        jws.setPayload(claims);
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("key " + current.kid + " does not sign", e);
        }
    }

    /** The payload of a compact JWS of this {@code typ} that one of these keys has signed; empty for any other text. */
    Optional<String> verified(String type, String text) {
        if (!COMPACT.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            JsonWebSignature jws = new JsonWebSignature();
            jws.setCompactSerialization(text);
            // members of any JSON type: the library's own getters expect texts
            Headers header = jws.getHeaders();
            Key key = header.getObjectHeaderValue("kid") instanceof String kid ? keys.get(kid) : null;
            if (key == null
                    // no token of ours has it, and the library stumbles over members that are no texts
                    || header.getObjectHeaderValue("crit") != null
                    || !key.algorithm.equals(header.getObjectHeaderValue("alg"))
                    || !type.equals(header.getObjectHeaderValue("typ"))) {
                return Optional.empty();
            }
            jws.setAlgorithmConstraints(
                    new AlgorithmConstraints(AlgorithmConstraints.ConstraintType.PERMIT, key.algorithm));
            jws.setKey(key.publicKey);
            return jws.verifySignature() ? Optional.of(jws.getPayload()) : Optional.empty();
        } catch (JoseException e) {
            return Optional.empty();
        }
    }

    /** The public halves as members of a JWK set (RFC 7517). */
    public List<Map<String, Object>> published() {
        return keys.values().stream().map(Key::published).toList();
    }

    /** The kids, and which one signs; never a key. */
    @Override
    public String toString() {
        return "SigningKeys[" + keys.keySet() + ", current " + current.kid + " " + current.algorithm + "]";
    }

    private static Key read(String kid, Path file) throws IOException {
        String pem = Files.readString(file);
        String base64 = pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "").replaceAll("\\s", "");
        PKCS8EncodedKeySpec encoded;
        try {
            encoded = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            // without the cause, whose message quotes from the file
            throw unusable(file);
        }
        try {
            return rsaOrEc(kid, encoded, file);
        } catch (GeneralSecurityException e) {
            throw unusable(file);
        }
    }

    private static Key rsaOrEc(String kid, PKCS8EncodedKeySpec encoded, Path file) throws GeneralSecurityException {
        PrivateKey key;
        try {
            key = KeyFactory.getInstance("EC").generatePrivate(encoded);
        } catch (GeneralSecurityException notEc) {
            key = KeyFactory.getInstance("RSA").generatePrivate(encoded);
        }
        if (key instanceof ECPrivateKey ec
                && ec.getParams().getCurve().getField().getFieldSize() == P256_BITS) {
            return new Key(kid, AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256, ec, publicKey(ec));
        }
        if (key instanceof RSAPrivateCrtKey rsa && rsa.getModulus().bitLength() >= LEAST_RSA_BITS) {
            return new Key(kid, AlgorithmIdentifiers.RSA_USING_SHA256, rsa, publicKey(rsa));
        }
        throw unusable(file);
    }

    // PKCS#8 need not hold the public point, and Java has no arithmetic on curves to compute it with.
    private static PublicKey publicKey(ECPrivateKey key) throws GeneralSecurityException {
        var point = ECNamedCurveTable.getParameterSpec("secp256r1")
                .getG()
                .multiply(key.getS())
                .normalize();
        BigInteger x = point.getAffineXCoord().toBigInteger();
        BigInteger y = point.getAffineYCoord().toBigInteger();
        return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(new ECPoint(x, y), key.getParams()));
    }

    private static PublicKey publicKey(RSAPrivateCrtKey key) throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
    }

    private static IllegalStateException unusable(Path file) {
        return new IllegalStateException(file + " is no private key that signs tokens: it must be PKCS#8 in PEM, on"
                + " the curve P-256 (ES256) or RSA of at least " + LEAST_RSA_BITS + " bits (RS256).");
    }

    private record Key(String kid, String algorithm, PrivateKey privateKey, PublicKey publicKey) {
        Map<String, Object> published() {
            try {
                PublicJsonWebKey jwk = PublicJsonWebKey.Factory.newPublicJwk(publicKey);
                jwk.setKeyId(kid);
                jwk.setUse("sig");
                jwk.setAlgorithm(algorithm);
                return jwk.toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
            } catch (JoseException e) {
                throw new IllegalStateException("key " + kid + " cannot be published", e);
            }
        }

        @Override
        public String toString() {
            return kid + " " + algorithm;
        }
    }
}
