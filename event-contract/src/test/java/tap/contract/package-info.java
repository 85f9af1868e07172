/** Tests of the contract: every version ever published stays readable. */
@NullMarked
package tap.contract;

import org.jspecify.annotations.NullMarked;
