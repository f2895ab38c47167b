// Values of parsed files, of which nothing is known. Pure.

/** Returns the own value at that path; undefined: there is none. */
export const valueAt = (value: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce(
    (at: unknown, key) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, key)
        ? (at as Record<string | number, unknown>)[key]
        : undefined,
    value,
  )

/** The texts of a list; empty: it is none. */
export const textsAt = (value: unknown, ...path: readonly string[]): string[] => {
  const list = valueAt(value, path)
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : []
}
