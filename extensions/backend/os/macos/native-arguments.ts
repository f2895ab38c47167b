// What `sysctl(KERN_PROCARGS2)` copies from the top of a process's stack -> arguments and environment. Pure.
// Layout (bsd/kern/kern_sysctl.c, sysctl_procargsx; bsd/kern/kern_exec.c, exec_extract_strings): the number of arguments as an int, the path
// of the program, zeros up to a multiple of the size of a pointer, the arguments and then the environment, a zero after each, zeros up to
// the next multiple, and strings of the system's own.

const INT_BYTES = 4
/** More arguments than bytes: the process wrote over its stack. */
const MAX_ARGUMENTS = 1024 * 1024

export interface NativeArguments {
  /** The program as it was started; a path to be read by the folder of that time. */
  program: string
  argv: readonly string[]
  /** `NAME=value` in order; null: the system withheld it, as it does for restricted programs. */
  environment: readonly string[] | null
}

/** Returns null if the bytes are cut off or were overwritten by the process. */
export function parseArguments(bytes: Buffer): NativeArguments | null {
  if (bytes.length < INT_BYTES) return null
  const count = bytes.readInt32LE(0)
  if (count < 0 || count > MAX_ARGUMENTS) return null
  const program = stringFrom(bytes, INT_BYTES)
  if (program === null) return null
  let at = program.end
  while (at < bytes.length && bytes[at] === 0) at++
  const argv: string[] = []
  while (argv.length < count) {
    const argument = stringFrom(bytes, at)
    if (argument === null) return null
    argv.push(argument.text)
    at = argument.end
  }
  return {
    program: program.text,
    argv,
    environment: at < bytes.length ? stringsFrom(bytes, at) : null,
  }
}

/** Null: there is no zero after it. */
function stringFrom(bytes: Buffer, at: number): { text: string; end: number } | null {
  const zero = bytes.indexOf(0, at)
  if (at >= bytes.length || zero < 0) return null
  return { text: bytes.toString('utf8', at, zero), end: zero + 1 }
}

/** Up to the first empty one; the system's own strings may follow directly and are named otherwise. */
function stringsFrom(bytes: Buffer, from: number): readonly string[] {
  const strings: string[] = []
  for (let next = stringFrom(bytes, from); next !== null && next.text !== ''; ) {
    strings.push(next.text)
    next = stringFrom(bytes, next.end)
  }
  return strings
}

/** Returns those of `wanted` that are set; the first of two is the one that a program sees. */
export function pickVariables(
  environment: readonly string[],
  wanted: readonly string[],
): Record<string, string> {
  const found = new Map<string, string>()
  for (const pair of environment) {
    const equals = pair.indexOf('=')
    const name = pair.slice(0, Math.max(equals, 0))
    if (wanted.includes(name) && !found.has(name)) found.set(name, pair.slice(equals + 1))
  }
  return Object.fromEntries(found)
}
