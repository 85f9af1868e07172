package tap.pass.application;

import java.util.List;

import io.vertx.mutiny.sqlclient.Pool;
import org.jboss.logging.Logger;
import tap.contract.Topics;
import tap.eventsourcing.Message;
import tap.eventsourcing.restore.Aggregate;
import tap.eventsourcing.restore.Restore;
import tap.eventsourcing.restore.RestoreException;
import tap.pass.domain.PassDecider;
import tap.pass.publishing.PassesPublication;
import tap.pass.publishing.StoredPass;

/**
 * Brings the passes back from {@code tap.pass-credentials}, verifiers included, and from {@code tap.passes} what only reached that. A
 * pass that was issued and never published never worked; a revocation that was never published was answered as pending.
 */
final class PassRestore {
    private static final Logger LOG = Logger.getLogger(PassRestore.class);

    private PassRestore() {}

    /**
     * Restores, and returns when the database is complete. Blocks.
     *
     * @throws RestoreException if it is impossible
     */
    static void run(PassServiceConfig config, Pool pool) {
        String prefix = config.topicPrefix().orElse("");
        Restore restore = new Restore(
                config.kafka().bootstrapServers(),
                pool,
                new PassesPublication(prefix),
                List.of(Topics.PASS_CREDENTIALS.name(), Topics.PASSES.name()),
                prefix,
                type -> new Aggregate<>(new PassDecider(), StoredPass.EVENTS, StoredPass.HEAD));
        restore.begin();
        Restore.Restored restored = restore.run(Message::sealed, Restore.Completion.NOTHING);
        LOG.infof("restore: complete; %d events of %d users were missing", restored.events(), restored.streams());
    }
}
