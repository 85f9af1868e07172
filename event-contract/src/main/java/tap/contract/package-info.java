/** The public contract of TAP's events: records, topics and their CloudEvents form. Nothing here decides anything. */
@NullMarked
package tap.contract;

import org.jspecify.annotations.NullMarked;
