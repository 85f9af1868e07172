package tap.testkit.faults;

/** Which way bytes go through a {@link TcpProxy}. */
public enum Direction {
    /** From the service to PostgreSQL or Kafka. */
    TO_SERVER,
    /** From PostgreSQL or Kafka to the service. */
    TO_CLIENT
}
