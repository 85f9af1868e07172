/** Passes over HTTP, as Microsoft Graph has them. Translates requests into commands and queries, and outcomes into answers. No rules, no SQL. */
@NullMarked
package tap.pass.api;

import org.jspecify.annotations.NullMarked;
