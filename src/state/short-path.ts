import { visibleLine } from '#contract/visible-text'

/** Returns `~/shop` for a path in a home folder of Linux, macOS or Windows. Pure. */
export function shortPath(path: string): string {
  return visibleLine(
    path.replace(/^(\/home\/[^/]+|\/Users\/[^/]+|\/root|[A-Z]:\\Users\\[^\\]+)(?=[/\\,]|$)/i, '~'),
  )
}
