/** One JVM that starts the stack's processes, remembers them in the data folder, and ends them in order. */
@NullMarked
package tap.localstack.supervisor;

import org.jspecify.annotations.NullMarked;
