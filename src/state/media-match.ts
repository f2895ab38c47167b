// Whether the page fits a media query.
import { type Accessor, createSignal, onCleanup } from 'solid-js'

/** True while it does. */
export function createMediaMatch(query: string): Accessor<boolean> {
  const media = matchMedia(query)
  const [matches, setMatches] = createSignal(media.matches)
  const update = (): void => void setMatches(media.matches)
  media.addEventListener('change', update)
  onCleanup(() => media.removeEventListener('change', update))
  return matches
}
