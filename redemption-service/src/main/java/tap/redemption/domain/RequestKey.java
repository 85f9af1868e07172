package tap.redemption.domain;

/**
 * By what a repeated request is known: hashes, because the log keeps no text that a client chose.
 *
 * @param key of the client and its key
 * @param content of what else was asked for, which may not differ
 */
public record RequestKey(String key, String content) {}
