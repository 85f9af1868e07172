package tap.redemption.application;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What an operator can set, beside what Quarkus itself reads; a test pins the defaults. */
@ConfigMapping(prefix = "tap")
public interface RedemptionServiceConfig {
    /** Begins the name of every topic of this deployment; optional, because MicroProfile Config takes an empty text for none. */
    Optional<String> topicPrefix();

    /** Whether topics must be as safe as production needs them: 3 replicas, 2 in sync. */
    @WithDefault("false")
    boolean production();

    /** {@code iss} of tokens and metadata: the gateway's origin. */
    URI issuer();

    /** Restore mode: the process brings its database back from the topics, and ends. */
    Restore restore();

    /** Kafka. */
    Kafka kafka();

    /** The relay, which publishes the log. */
    Relay relay();

    /** Peppers and sealing keys. */
    Keys keys();

    /** Keys that sign tokens. */
    Signing signing();

    /** Access tokens. */
    Tokens tokens();

    /** OAuth clients by client id. */
    Map<String, Client> clients();

    /** What a short code costs whoever checks it. */
    Argon2 argon2();

    /** Where requests come from, and how much each may ask. */
    Sources sources();

    /** The recording of expiry. */
    Sweeper sweeper();

    /** Restore mode. */
    interface Restore {
        /** Whether the process restores instead of serving. */
        @WithDefault("false")
        boolean enabled();

        /** Whether the operator states that no commit is missing in topics and backup: then nothing is refused or withdrawn. */
        @WithDefault("false")
        boolean complete();
    }

    /** Kafka. */
    interface Kafka {
        /** {@code host:port}, comma separated. */
        String bootstrapServers();
    }

    /** The relay. */
    interface Relay {
        /** How long a pod publishes for all before it has to renew its lease. */
        @WithDefault("3s")
        Duration lease();

        /** The most events a batch. */
        @WithDefault("2000")
        int batch();
    }

    /** Mounted secrets. */
    interface Keys {
        /** A folder with {@code pepper} and {@code sealing}, each with a file a key and a file {@code current}. */
        Path directory();
    }

    /** Mounted secrets. */
    interface Signing {
        /** A folder with {@code <kid>.pem} files, private keys in PKCS#8, and a file {@code current}. */
        Path directory();
    }

    /** Access tokens. */
    interface Tokens {
        /** How long a token is valid, unless the pass ends earlier. */
        @WithDefault("10m")
        Duration lifetime();
    }

    /** An OAuth client. */
    interface Client {
        /** {@code public}: a client without a secret; {@code confidential}: one that authenticates (RFC 6749 §2.1). */
        @WithDefault("public")
        String type();

        /** Of a confidential client the SHA-256 of each secret that is valid, in hexadecimal: one, or two while the secret is changed. */
        Optional<List<String>> secrets();

        /** {@code aud} of its tokens; the issuer if left out. */
        Optional<String> audience();

        /** {@code amr} of its tokens: a pass satisfies multi-factor requirements. */
        @WithDefault("otp,mfa")
        List<String> amr();

        /** The scopes that it may ask for. */
        Optional<Set<String>> scopes();
    }

    /** The Argon2 pool and the cost of a computation for which no verifier says another. */
    interface Argon2 {
        /** Threads; as many as cores if left out. */
        OptionalInt workers();

        /** How many attempts wait for a thread before others are turned away; 16 a worker if left out. */
        OptionalInt queue();

        /** Memory in KiB. */
        @WithDefault("19456")
        int memoryKib();

        /** Passes over the memory. */
        @WithDefault("2")
        int iterations();

        /** Lanes. */
        @WithDefault("1")
        int parallelism();
    }

    /** Sources of requests, and their token buckets for short codes, which each pod has for itself. */
    interface Sources {
        /** Addresses and ranges of the proxies before this service; without any the peer's address counts. */
        Optional<List<String>> trustedProxies();

        /** The header by which they say whom they forward for. */
        @WithDefault("x-forwarded-for")
        SourceAddresses.ForwardedHeader forwardedHeader();

        /** How many attempts that fail, or are under way, a source may make at once. */
        @WithDefault("100")
        int burst();

        /** How many of them come back a second. */
        @WithDefault("10")
        int perSecond();

        /** The same for all sources together. */
        @WithDefault("500")
        int overallBurst();

        /** How many of them come back a second. */
        @WithDefault("50")
        int overallPerSecond();

        /** Of how many sources a bucket is kept. */
        @WithDefault("10000")
        int most();
    }

    /** The sweeper. */
    interface Sweeper {
        /** How often it looks for passes whose end has come. */
        @WithDefault("500ms")
        Duration interval();
    }
}
