/** Tests of what holds messages against the contract. */
@NullMarked
package tap.testkit.contract;

import org.jspecify.annotations.NullMarked;
