package tap.directory;

/**
 * The policy as far as it decides about a pass; whom it targets is {@link UserTerms#targeted}.
 *
 * @param revision which policy this is; 0 before anybody configured one
 * @param enabled whether passes are allowed at all
 * @param defaultLifetimeInMinutes between minimum and maximum
 * @param minimumLifetimeInMinutes 10 to 43,200
 * @param maximumLifetimeInMinutes 10 to 43,200
 * @param defaultLength length of a code, 8 to 48 characters
 * @param isUsableOnce {@code true}: every pass is one-time
 */
public record PolicyTerms(
        long revision,
        boolean enabled,
        int defaultLifetimeInMinutes,
        int minimumLifetimeInMinutes,
        int maximumLifetimeInMinutes,
        int defaultLength,
        boolean isUsableOnce) {}
