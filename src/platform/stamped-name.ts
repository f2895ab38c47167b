// A unique file name that contains the time. Pure.

/** `serena-24.log` becomes `serena-24-20261123T200312345Z.log`, which is valid on every file system. */
export function stampedName(fileName: string, atMs: number): string {
  const stamp = new Date(atMs).toISOString().replace(/[-:.]/g, '')
  const dot = fileName.lastIndexOf('.')
  return dot > 0 ? `${fileName.slice(0, dot)}-${stamp}${fileName.slice(dot)}` : `${fileName}-${stamp}`
}
