// The time that a test computes: unlike the time of a clock, a busy machine does not change it.

/** Returns the CPU time of this process in milliseconds. */
export function cpuTimeMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
