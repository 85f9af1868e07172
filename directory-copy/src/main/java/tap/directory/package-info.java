/**
 * What pass- and redemption-service know of the policy and the directory, in tables of their own (migration
 * {@code db/directory-copy}): how they follow policy-service, and what a deciding statement reads. Nothing is decided here.
 */
@NullMarked
package tap.directory;

import org.jspecify.annotations.NullMarked;
