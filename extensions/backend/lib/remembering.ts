// What was found of a thing that does not change is found once.

/** `find`, asked once for each object; what it found is forgotten with the object. */
export function remembering<Key extends object, Found>(find: (key: Key) => Found): (key: Key) => Found {
  const known = new WeakMap<Key, { found: Found }>()
  return (key) => {
    const before = known.get(key)
    if (before) return before.found
    const found = find(key)
    known.set(key, { found })
    return found
  }
}
