// The clock of programs that must stay small: Node loads `performance` when it is first used (0.15 MB).

/** Returns monotonic milliseconds since the start of this process. */
export const uptimeMs = (): number => process.uptime() * 1_000
