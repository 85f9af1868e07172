package tap.testkit.infrastructure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.text.ParseException;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tap.contract.Topics;

import static org.assertj.core.api.Assertions.assertThat;

class ServiceTestResourceIT {
    private final ServiceTestResource resource = new ServiceTestResource();
    private Map<String, String> configuration;

    @BeforeEach
    void start() {
        resource.init(Map.of("database", "tap_pass"));
        configuration = resource.start();
    }

    @AfterEach
    void stop() {
        resource.stop();
    }

    @Test
    void the_service_gets_a_database_and_topics_that_its_tests_find_too() throws SQLException {
        try (TestDatabase database = ServiceTestResource.database();
                var owner = database.connectAsOwner();
                var service = database.connectAsService()) {
            assertThat(owner.getMetaData().getURL()).isEqualTo(configuration.get("tap.migration.jdbc-url"));
            assertThat(service.getMetaData().getUserName()).isEqualTo(configuration.get("quarkus.datasource.username"));
        }
        assertThat(ServiceTestResource.topics().records(Topics.POLICIES)).isEmpty();
        assertThat(ServiceTestResource.topics().prefix()).isEqualTo(configuration.get("tap.topic-prefix"));
    }

    @Test
    void tokens_are_signed_with_the_key_that_the_authorization_server_shows() throws Exception {
        String issuer = configured("quarkus.oidc.auth-server-url");
        assertThat(get(issuer + "/.well-known/openid-configuration")).contains(issuer + "/jwks");
        SignedJWT token = SignedJWT.parse(TestTokens.delegated("user-1")
                .permissions("Policy.Read.All", "UserAuthMethod-TAP.Read")
                .roles(TestTokens.GLOBAL_READER)
                .sign());

        assertThat(verifies(token, issuer)).isTrue();
        assertThat(token.getJWTClaimsSet().getIssuer()).isEqualTo(issuer);
        assertThat(token.getJWTClaimsSet().getClaims())
                .containsEntry("oid", "user-1")
                .containsEntry("scp", "Policy.Read.All UserAuthMethod-TAP.Read");
        assertThat(verifies(SignedJWT.parse(TestTokens.application().forged().sign()), issuer))
                .isFalse();
    }

    @Test
    void secrets_are_mounted_as_files() throws IOException {
        Path keys = Path.of(configured("tap.keys.directory"));
        String current = Files.readString(keys.resolve("pepper/current"));
        assertThat(Base64.getDecoder().decode(Files.readString(keys.resolve("pepper/" + current))))
                .hasSize(32);
        Path signing = Path.of(configured("tap.signing.directory"));
        assertThat(signing.resolve(Files.readString(signing.resolve("current")) + ".pem"))
                .content()
                .startsWith("-----BEGIN PRIVATE KEY-----");
    }

    private String configured(String key) {
        return Objects.requireNonNull(configuration.get(key), key);
    }

    private static boolean verifies(SignedJWT token, String issuer)
            throws IOException, InterruptedException, ParseException, JOSEException {
        JWKSet keys = JWKSet.parse(get(issuer + "/jwks"));
        return token.verify(new ECDSAVerifier(
                keys.getKeyByKeyId(token.getHeader().getKeyID()).toECKey()));
    }

    private static String get(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
