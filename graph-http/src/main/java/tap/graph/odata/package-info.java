/** The OData conventions that the Graph SDKs rely on: context URLs, list envelopes, the base URL. */
@NullMarked
package tap.graph.odata;

import org.jspecify.annotations.NullMarked;
