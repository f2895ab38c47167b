// The installed editors that can open a folder, loaded once per page: they rarely change.
import type { RouteAnswer } from '#contract/routes'
import type { Backend } from '../client/backend.ts'

export type Editors = RouteAnswer<'editors'>['editors']

const known = new WeakMap<Backend, Promise<Editors>>()

/** Resolves to the editors; empty where none is installed, and while the backend cannot be reached. */
export function loadEditors(backend: Backend): Promise<Editors> {
  const loading = known.get(backend) ?? backend.call('editors').then(({ editors }) => editors)
  known.set(backend, loading)
  return loading.catch(() => {
    // The folder can still be opened in the file manager. The next menu tries again.
    known.delete(backend)
    return []
  })
}
