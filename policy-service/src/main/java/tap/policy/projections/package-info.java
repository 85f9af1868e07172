/** What is answered to questions: one folder a read model. Reads heads and persons in one statement, so that clients read their own writes. */
@NullMarked
package tap.policy.projections;

import org.jspecify.annotations.NullMarked;
