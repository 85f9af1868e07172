/** Configuration, architecture, and what a command costs. */
@NullMarked
package tap.pass.application;

import org.jspecify.annotations.NullMarked;
