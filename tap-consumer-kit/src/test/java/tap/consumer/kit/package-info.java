/** Tests of the kit: consumers with one known fault each, which it must find. */
@NullMarked
package tap.consumer.kit;

import org.jspecify.annotations.NullMarked;
