// The place of the timeline while it is loaded.
import type { JSX } from 'solid-js'
import { Skeleton } from '../../ui/skeleton.tsx'

export function TimelineSkeleton(): JSX.Element {
  return <Skeleton rows={8} rowPx={26} picturePx={140} />
}
