package tap.pass.application;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What an operator can set, beside what Quarkus itself reads; a test pins the defaults. */
@ConfigMapping(prefix = "tap")
public interface PassServiceConfig {
    /** Begins the name of every topic of this deployment; optional, because MicroProfile Config takes an empty text for none. */
    Optional<String> topicPrefix();

    /** Whether topics must be as safe as production needs them: 3 replicas, 2 in sync. */
    @WithDefault("false")
    boolean production();

    /** Restore mode: the process brings its database back from the topics, and ends. */
    Restore restore();

    /** Kafka. */
    Kafka kafka();

    /** The relay, which publishes the log. */
    Relay relay();

    /** How long an answer waits until redemption-service has applied what it says. */
    Confirmation confirmation();

    /** Mounted secrets. */
    Keys keys();

    /** How much one administrator may issue. */
    Issuing issuing();

    /** What a short code costs whoever tries to guess it. */
    Argon2 argon2();

    /** Restore mode. */
    interface Restore {
        /** Whether the process restores instead of serving. */
        @WithDefault("false")
        boolean enabled();
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

    /** Confirmation by fact. */
    interface Confirmation {
        /** How long a request waits before it is answered as pending. */
        @WithDefault("1s")
        Duration timeout();

        /** How many requests may wait at once; more are answered as pending. */
        @WithDefault("10000")
        int mostWaiting();
    }

    /** How much one administrator may issue. */
    interface Issuing {
        /** The most passes in a window, at least 1. */
        @WithDefault("10000")
        long limit();

        /** How long a window is; it begins with the first pass after the last one's end. */
        @WithDefault("1h")
        Duration window();
    }

    /** Mounted secrets. */
    interface Keys {
        /** The folder with the key rings {@code pepper} and {@code sealing}, each with a file {@code current}. */
        Path directory();
    }

    /** The cost of new verifiers (RFC 9106 §3.1); those that exist keep theirs. */
    interface Argon2 {
        /** Memory, in KiB. */
        @WithDefault("19456")
        int memoryKib();

        /** Passes over the memory. */
        @WithDefault("2")
        int iterations();

        /** Lanes. */
        @WithDefault("1")
        int parallelism();
    }
}
