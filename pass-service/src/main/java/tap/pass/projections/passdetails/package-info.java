/** What the API answers about the pass of a user: head, directory, policy and allowance joined, read in one statement. */
@NullMarked
package tap.pass.projections.passdetails;

import org.jspecify.annotations.NullMarked;
