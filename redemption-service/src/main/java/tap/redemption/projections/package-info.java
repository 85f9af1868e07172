/** What is answered to questions: one folder a read model. */
@NullMarked
package tap.redemption.projections;

import org.jspecify.annotations.NullMarked;
