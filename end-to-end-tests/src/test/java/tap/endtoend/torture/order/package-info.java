/**
 * Whether what clients saw of a pass can have happened one after the other (linearizability), pass by pass: what they were told, the
 * rule of a pass, and the search for an order. Knows neither the product's code nor its data.
 */
@NullMarked
package tap.endtoend.torture.order;

import org.jspecify.annotations.NullMarked;
