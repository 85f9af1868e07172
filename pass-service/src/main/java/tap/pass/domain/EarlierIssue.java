package tap.pass.domain;

/**
 * What the same request has issued before: its caller repeats it, because the answer was lost.
 *
 * @param pass as it was issued then
 * @param sameContent whether it asked for the same then
 */
public record EarlierIssue(IssuedPass pass, boolean sameContent) {}
