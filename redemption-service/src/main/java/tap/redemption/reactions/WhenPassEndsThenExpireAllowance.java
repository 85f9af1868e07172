package tap.redemption.reactions;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.jboss.logging.Logger;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.Ids;
import tap.eventsourcing.Load;
import tap.eventsourcing.Metadata;
import tap.redemption.domain.Allowance;
import tap.redemption.domain.AllowanceCommand;
import tap.redemption.domain.AllowanceCommand.Expire;
import tap.redemption.domain.AllowanceEvent;
import tap.redemption.domain.AllowanceRejection;
import tap.redemption.projections.openallowances.OpenAllowances;
import tap.redemption.publishing.RedemptionsPublication;

/**
 * The sweeper: a pass's end has come, so its expiry becomes a fact. Every pod sweeps; who comes second finds nothing to do,
 * because the event is appended at the expected version.
 */
public final class WhenPassEndsThenExpireAllowance {
    private static final Logger LOG = Logger.getLogger(WhenPassEndsThenExpireAllowance.class);
    private static final int AT_ONCE = 4;

    private final OpenAllowances open;
    private final CommandHandler<AllowanceCommand, Allowance, AllowanceEvent, AllowanceRejection> allowances;

    /** @param open knows whose end has come */
    public WhenPassEndsThenExpireAllowance(
            OpenAllowances open,
            CommandHandler<AllowanceCommand, Allowance, AllowanceEvent, AllowanceRejection> allowances) {
        this.open = open;
        this.allowances = allowances;
    }

    /** Expires what is due now. One that fails is tried again by the next sweep. */
    public Uni<Void> sweep() {
        return open.due()
                .onItem()
                .transformToMulti(Multi.createFrom()::iterable)
                .onItem()
                .transformToUni(this::expire)
                .merge(AT_ONCE)
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> expire(String stream) {
        return allowances
                .handle(
                        Load.head(stream),
                        loaded -> Uni.createFrom().item(new Expire(loaded.now())),
                        new Metadata(RedemptionsPublication.SERVICE, Ids.next().toString(), null))
                .replaceWithVoid()
                .onFailure()
                .invoke(failure -> LOG.warnf("pass %s could not be expired yet: %s", stream, failure.getMessage()))
                .onFailure()
                .recoverWithNull();
    }
}
