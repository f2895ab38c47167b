// The place of the statistics until they are known.
import type { JSX } from 'solid-js'
import { Skeleton } from '../../ui/skeleton.tsx'

export function StatsSkeleton(): JSX.Element {
  return <Skeleton rows={7} picturePx={150} />
}
