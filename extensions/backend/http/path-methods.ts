// Which methods a path has, from the route table and the page's files. Pure.
import { EVENTS_PATH, METRICS_PATH, routes } from '#contract/routes'

export interface PathMethods {
  methodsOf(path: string): readonly string[] | null
  isOpen(path: string): boolean
}

const FILE_METHODS = ['GET', 'HEAD']

/** Creates the table of all paths. A path outside /api and /metrics belongs to the page and is open: it contains no secret. */
export function createPathMethods(isFile: (path: string) => boolean): PathMethods {
  const patterns = Object.values(routes).map(({ method, path, access }) => ({
    method,
    access,
    pattern: new RegExp(`^${path.replace(/:[a-zA-Z]+/g, '[^/]+')}$`),
  }))
  const matching = (path: string): typeof patterns => patterns.filter(({ pattern }) => pattern.test(path))
  return {
    methodsOf(path) {
      if (path === EVENTS_PATH || path === METRICS_PATH) return ['GET']
      const methods = matching(path).map(({ method }) => method)
      if (methods.length > 0) return methods
      return path === '/' || isFile(path) ? FILE_METHODS : null
    },
    isOpen(path) {
      if (path.startsWith('/api/')) return matching(path).some(({ access }) => access === 'open')
      return path !== METRICS_PATH
    },
  }
}
