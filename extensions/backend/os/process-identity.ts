// The identity of a process, which no other process ever gets.

/**
 * Names one process, unlike a pid, which is reused: Linux `bootId:pid:startTicks`, elsewhere `pid:startedAtMs`. Ticks since boot
 * survive a change of the clock, a date does not.
 */
export type ProcessIdentity = string
