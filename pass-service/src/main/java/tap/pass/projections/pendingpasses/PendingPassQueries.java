package tap.pass.projections.pendingpasses;

import java.util.List;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** Asks which passes are pending; some 100 ms behind the log. */
@ApplicationScoped
public class PendingPassQueries implements PanacheRepositoryBase<PendingPass, String> {
    /** The most that one list shows. */
    public static final int MOST = 1_000;

    /** Those that wait the longest, at most {@value #MOST}. */
    @WithSession
    public Uni<List<PendingPass>> oldest() {
        return find("ORDER BY since, passId, awaited").range(0, MOST - 1).list();
    }

    /** How many there are. */
    @WithSession
    public Uni<Long> howMany() {
        return count();
    }
}
