package tap.policy.application;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What an operator can set, beside what Quarkus itself reads; a test pins the defaults. */
@ConfigMapping(prefix = "tap")
public interface PolicyServiceConfig {
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

    /** How long a change waits until everybody obeys it. */
    Confirmation confirmation();

    /** Provisioning of users and groups. */
    Scim scim();

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

    /** Confirmation by position. */
    interface Confirmation {
        /** How long a change waits before it is answered as pending. */
        @WithDefault("1s")
        Duration timeout();

        /** How many requests may wait at once; more are answered by what is known at once. */
        @WithDefault("10000")
        int mostWaiting();

        /** The services that must have applied a change before it is confirmed. */
        @WithDefault("pass-service,redemption-service")
        List<String> followers();
    }

    /** Provisioning of users and groups. */
    interface Scim {
        /** Provisioning clients that present a secret in place of a token, by a name of the operator's choice. */
        Map<String, Client> clients();

        /** One provisioning client. */
        interface Client {
            /** The SHA-256 of each secret that is valid, in hexadecimal: one, or two while the secret is changed. */
            List<String> secrets();
        }
    }
}
