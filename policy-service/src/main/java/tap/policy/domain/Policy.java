package tap.policy.domain;

/** The policy as its events have left it. There is one in a tenant. */
public sealed interface Policy {
    /** What holds. */
    PolicySettings settings();

    /** How many changes led here. */
    long revision();

    /** Nobody ever changed it. */
    record Untouched() implements Policy {
        @Override
        public PolicySettings settings() {
            return PolicySettings.DEFAULTS;
        }

        @Override
        public long revision() {
            return 0;
        }
    }

    /** As an administrator wants it. */
    record Configured(long revision, PolicySettings settings) implements Policy {}

    /** Back at what were the defaults then. */
    record Reset(long revision, PolicySettings settings) implements Policy {}
}
