/** What the documentation says must be so. */
@NullMarked
package tap.testkit.documentation;

import org.jspecify.annotations.NullMarked;
