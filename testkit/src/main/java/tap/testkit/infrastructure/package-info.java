/**
 * Real PostgreSQL and Kafka for tests: one of each per Maven build, a database and a topic prefix of its own for each test
 * class, tokens, and a counter of statements.
 */
@NullMarked
package tap.testkit.infrastructure;

import org.jspecify.annotations.NullMarked;
