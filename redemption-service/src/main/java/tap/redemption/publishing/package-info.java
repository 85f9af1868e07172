/** How this service's events are written down and published: stored names, public records, codecs, topics and keys. Decides nothing. */
@NullMarked
package tap.redemption.publishing;

import org.jspecify.annotations.NullMarked;
