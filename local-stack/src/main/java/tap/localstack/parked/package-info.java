/** What the services could not apply, and how an operator has it replayed: read and asked for in each service's database. */
@NullMarked
package tap.localstack.parked;

import org.jspecify.annotations.NullMarked;
