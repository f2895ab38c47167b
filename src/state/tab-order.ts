// The order of the tabs: pinned ones first, then the order of the user, then new instances by age. Pure.

export interface TabOrder {
  /** Ids in the order of the user; empty: by age. */
  order: readonly string[]
  /** Ids of pinned tabs. */
  pinned: readonly string[]
}

/** Returns the instances in the order of their tabs. `instances` are sorted by age; unknown ids follow the known ones. */
export function arrangeTabs<Item extends { id: string }>(
  instances: readonly Item[],
  { order, pinned }: TabOrder,
): readonly Item[] {
  if (order.length === 0 && pinned.length === 0) return instances
  const places = new Map(order.map((id, at) => [id, at]))
  const pins = new Set(pinned)
  const placeOf = ({ id }: Item): number => places.get(id) ?? order.length
  return [...instances].sort(
    (a, b) => Number(pins.has(b.id)) - Number(pins.has(a.id)) || placeOf(a) - placeOf(b),
  )
}

/** Returns the ids with one of them moved in front of another; null: to the end. */
export function moveBefore(ids: readonly string[], id: string, before: string | null): string[] {
  if (id === before) return [...ids]
  const others = ids.filter((one) => one !== id)
  const at = before === null ? others.length : others.indexOf(before)
  return at === -1 ? [...ids] : [...others.slice(0, at), id, ...others.slice(at)]
}

/** Returns the order after a Serena took over the tab of its launcher. */
export function afterHandover({ order, pinned }: TabOrder, from: string, to: string): TabOrder {
  const renamed = (ids: readonly string[]): string[] => ids.map((id) => (id === from ? to : id))
  return { order: renamed(order), pinned: renamed(pinned) }
}
