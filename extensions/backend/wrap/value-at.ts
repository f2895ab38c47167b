/** Returns the value of a key of a foreign object; undefined: not an object, or no such key. */
export const valueAt = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
