/**
 * Microsoft Graph's manners over HTTP, for every service that serves Graph paths: {@code edge} meets the request, {@code json} reads
 * its body, {@code access} says who may do what, {@code odata} shapes answers, {@code error} says what went wrong. No business rules.
 */
@NullMarked
package tap.graph;

import org.jspecify.annotations.NullMarked;
