// The pictures of the statistics, loaded when they are first shown.
import { createLazyPart } from '../../state/lazy-part.ts'

export const statsPart = createLazyPart(async () => (await import('./stats-pictures.tsx')).StatsPictures)
