// A media query as a signal.
import { type Accessor, createSignal, onCleanup } from 'solid-js'

/** Creates a signal that is true while the query matches. */
export function createMediaMatch(query: string): Accessor<boolean> {
  const media = matchMedia(query)
  const [matches, setMatches] = createSignal(media.matches)
  const update = (): void => void setMatches(media.matches)
  media.addEventListener('change', update)
  onCleanup(() => media.removeEventListener('change', update))
  return matches
}
