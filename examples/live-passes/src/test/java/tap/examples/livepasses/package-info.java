/** Tests of the example: the conformance kit, and kills under load. */
@NullMarked
package tap.examples.livepasses;

import org.jspecify.annotations.NullMarked;
