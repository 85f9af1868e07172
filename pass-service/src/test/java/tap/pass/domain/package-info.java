/** Given, when, then: the rules of passes, grouped by state. */
@NullMarked
package tap.pass.domain;

import org.jspecify.annotations.NullMarked;
