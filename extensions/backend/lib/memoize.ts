// Results for objects that do not change are computed once.

/** Returns `find` that runs once for each object; its result is forgotten with the object. */
export function memoize<Key extends object, Found>(find: (key: Key) => Found): (key: Key) => Found {
  const known = new WeakMap<Key, { found: Found }>()
  return (key) => {
    const before = known.get(key)
    if (before) return before.found
    const found = find(key)
    known.set(key, { found })
    return found
  }
}
