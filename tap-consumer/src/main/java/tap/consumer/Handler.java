package tap.consumer;

/**
 * What a consumer does about an event.
 *
 * @param <T> its transaction: {@link java.sql.Connection} with a {@link JdbcInbox}
 */
@FunctionalInterface
public interface Handler<T> {
    /**
     * Gives the event its effect, within the transaction and nowhere else. Called for every event of the topics, in the order of
     * each stream; those of no use are ignored here, not before.
     *
     * @throws Exception anything: the transaction is rolled back and the event tried again, after growing waits, for ever
     */
    void apply(T transaction, TapEvent event) throws Exception;
}
