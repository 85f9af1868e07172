/**
 * Issuing, replacing and revoking passes, and whether one is usable: reads top to bottom as the specification. Pure: no clock, no
 * randomness, no I/O.
 */
@NullMarked
package tap.pass.domain;

import org.jspecify.annotations.NullMarked;
