/** The commands of {@code ./tap}: read the options, call the supervisor, say what happened. */
@NullMarked
package tap.localstack.cli;

import org.jspecify.annotations.NullMarked;
