package tap.pass.domain;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What an administrator asks of a new pass; what is left out is the policy's to say.
 *
 * @param startsAt from when it shall be usable, or {@code null}: at once
 * @param lifetimeInMinutes how long, or {@code null}
 * @param isUsableOnce whether for one use only, or {@code null}
 * @param maximumUses for how many uses, or {@code null}
 */
public record PassRequest(
        @Nullable Instant startsAt,
        @Nullable Integer lifetimeInMinutes,
        @Nullable Boolean isUsableOnce,
        @Nullable Integer maximumUses) {}
