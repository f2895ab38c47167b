/** What an object of somebody else's has under that key; undefined where it is none. */
export const valueAt = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
