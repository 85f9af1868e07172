/** What the commands say and return when something is wrong. */
@NullMarked
package tap.localstack.cli;

import org.jspecify.annotations.NullMarked;
