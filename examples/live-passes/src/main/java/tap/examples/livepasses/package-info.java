/** An example of a consumer: what another team writes, whole. */
@NullMarked
package tap.examples.livepasses;

import org.jspecify.annotations.NullMarked;
