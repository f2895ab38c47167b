// Versions of Serena: `1.10.2`, with an optional `v`. Pure.

/** Returns a negative number if `a` is the earlier version, 0 if they are equal, a positive number if it is the later one. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map(numbersOf)
  for (let at = 0; at < 3; at++) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** Returns the plain version of a tag or a requirement (`v1.3.0`, `==1.3.0`); null: it is a branch, a commit or a range. */
export const versionIn = (text: string): string | null =>
  /^(?:==|@|v)*(\d+\.\d+(?:\.\d+)*)(?:[.-]?(?:dev|rc|post|a|b)\d*)?$/.exec(text.trim())?.[1] ?? null

const numbersOf = (version: string): readonly number[] =>
  version
    .replace(/^v/, '')
    .split('.')
    .map((part) => Number.parseInt(part, 10) || 0)
