/** HTTP to a command or query and back, nothing else: Graph's policy resource, SCIM, and one place where rejections get their words. */
@NullMarked
package tap.policy.api;

import org.jspecify.annotations.NullMarked;
