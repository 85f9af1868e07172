package tap.redemption.application;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.Load;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.Unavailable;
import tap.redemption.domain.Allowance;
import tap.redemption.domain.AllowanceCommand;
import tap.redemption.domain.AllowanceCommand.RevokeToken;
import tap.redemption.domain.AllowanceEvent;
import tap.redemption.domain.AllowanceRejection;
import tap.redemption.domain.TokenStanding;

/**
 * What has become of the tokens that were minted here (docs/adr/0018-tokens-live-in-the-allowance.md). Text that was not signed here
 * costs no statement; asking about a token costs one.
 */
public final class IssuedTokens {
    private static final Duration A_SECOND = Duration.ofSeconds(1);

    private final AccessTokens tokens;
    private final CommandHandler<AllowanceCommand, Allowance, AllowanceEvent, AllowanceRejection> allowances;
    private final Pool pool;
    private final Runnable onUnwitnessed;
    private final MeterRegistry meters;

    /**
     * @param tokens reads them
     * @param allowances the command handler of allowances
     * @param pool the service's
     * @param onUnwitnessed told when nobody has looked yet whether this database is complete; must return at once
     */
    public IssuedTokens(
            AccessTokens tokens,
            CommandHandler<AllowanceCommand, Allowance, AllowanceEvent, AllowanceRejection> allowances,
            Pool pool,
            Runnable onUnwitnessed,
            MeterRegistry meters) {
        this.tokens = tokens;
        this.allowances = allowances;
        this.pool = pool;
        this.onUnwitnessed = onUnwitnessed;
        this.meters = meters;
    }

    /**
     * The claims of a token, if it is active (RFC 7662 §2.2): signed here, for who asks or issued to them, not over, not revoked, of a
     * pass that was not withdrawn and a user who is active. Spent, expired and locked passes do not matter: each use was right when it
     * was made, and its token ends with the pass at the latest.
     *
     * @param token any text
     * @param asking who asks; another's tokens are none of its business, and no audience takes a token that is not for it (RFC 9068 §4)
     * @return empty if it is not; fails with {@link Unavailable} if that could not be found out
     */
    public Uni<Optional<TokenClaims>> active(String token, OAuthClient asking) {
        return tokens.read(token)
                .filter(claims -> isFor(asking, claims))
                .map(claims ->
                        isActive(claims).map(active -> active ? Optional.of(claims) : Optional.<TokenClaims>empty()))
                .orElseGet(() -> Uni.createFrom().item(Optional.empty()))
                .invoke(active -> meters.counter("tap.introspections", "active", Boolean.toString(active.isPresent()))
                        .increment());
    }

    /** The claims of a token that was minted here, whatever has become of it; empty for any other text. */
    public Optional<TokenClaims> read(String token) {
        return tokens.read(token);
    }

    /**
     * Revokes a token, if it is not over, unknown or revoked anyway: two statements, else one.
     *
     * @param token issued to the client that asks
     * @param correlationId follows the request through all services
     * @return when no introspection that starts afterwards finds it active, whichever pod answers it; fails with {@link Unavailable}
     *     if that could not be brought about
     */
    public Uni<Void> revoke(TokenClaims token, String correlationId) {
        return allowances
                .handle(
                        TokenLoad.of(token),
                        loaded -> Uni.createFrom().item(() -> {
                            requireWitnessed(loaded.context());
                            return new RevokeToken(
                                    token.id(),
                                    token.clientId(),
                                    Instant.ofEpochSecond(token.expiresAt()),
                                    loaded.context().standing(),
                                    loaded.now());
                        }),
                        new Metadata(token.clientId(), correlationId, null))
                .replaceWithVoid();
    }

    private boolean isFor(OAuthClient asking, TokenClaims claims) {
        return claims.clientId().equals(asking.id()) || claims.audience().equals(tokens.audience(asking));
    }

    private Uni<Boolean> isActive(TokenClaims claims) {
        Load<TokenLoad.Context> load = TokenLoad.of(claims);
        return pool.preparedQuery(load.sql())
                .execute(load.parameters())
                .map(rows -> isActive(claims, rows.iterator().next(), load))
                .ifNoItem()
                .after(CommandHandler.PATIENCE)
                .failWith(() -> new Unavailable("an introspection was given up", A_SECOND, null));
    }

    private boolean isActive(TokenClaims claims, Row row, Load<TokenLoad.Context> load) {
        TokenLoad.Context context = load.context().apply(row);
        requireWitnessed(context);
        Instant now = row.getOffsetDateTime("now").toInstant();
        return context.standing() == TokenStanding.ISSUED
                && context.userActive()
                && !context.fenced()
                && now.isBefore(Instant.ofEpochSecond(claims.expiresAt()));
    }

    // A database that has lost the past may have lost redemptions and revocations with it.
    private void requireWitnessed(TokenLoad.Context context) {
        if (!context.witnessed()) {
            onUnwitnessed.run();
            throw new Unavailable("whether this database is complete is not known yet", A_SECOND, null);
        }
    }
}
