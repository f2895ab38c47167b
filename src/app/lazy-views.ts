// The views of All that are loaded when they are first shown.
import { createLazyPart } from '../state/lazy-part.ts'

export const timelinePart = createLazyPart(
  async () => (await import('../features/timeline/timeline-view.tsx')).TimelineView,
)
