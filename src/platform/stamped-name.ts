// A file name that no earlier one has: the time stands in it. Pure.

/** `serena-24.log` becomes `serena-24-20261123T200312345Z.log`; no sign in it is one that a file system refuses. */
export function stampedName(fileName: string, atMs: number): string {
  const stamp = new Date(atMs).toISOString().replace(/[-:.]/g, '')
  const dot = fileName.lastIndexOf('.')
  return dot > 0 ? `${fileName.slice(0, dot)}-${stamp}${fileName.slice(dot)}` : `${fileName}-${stamp}`
}
