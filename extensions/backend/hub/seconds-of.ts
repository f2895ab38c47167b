// Times of the hub that tests shorten by environment variables; see docs/dev/hub.md.

/** Returns a time in milliseconds: the variable's seconds, else the usual ones. */
export function secondsOf(name: string, usual: number): number {
  const value = Number(process.env[name])
  return (Number.isFinite(value) && process.env[name] ? value : usual) * 1_000
}
