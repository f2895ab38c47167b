// Words in the name of a flag whose value is a secret. Pure.

/** For a part of a regular expression; its letters have any case. */
export const SECRET_WORDS = '(?:token|secret|passw(?:or)?d|api[-_]?key|credential)'
