/** Passes over HTTP: every status and text of the contract, against real PostgreSQL and Kafka. */
@NullMarked
package tap.pass.api;

import org.jspecify.annotations.NullMarked;
