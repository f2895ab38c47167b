// The owner and the clients of an instance in one line. Pure.
import type { Instance } from '#contract/instance'
import { briefOwnerWords, networkWords, ownerWords, sharedWords } from '#contract/owner-words'
import { visibleLine } from '#contract/visible-text'
import { shortPath } from './short-path.ts'

type Owned = Pick<Instance, 'owner'> &
  Partial<Pick<Instance, 'project' | 'transport' | 'clients' | 'hubSerena'>>

/** Returns `Claude Code in ~/shop, terminal 3, since 14:02`, without the folder if it is the project's; null: no owner is known. */
export const ownerLine = ({ owner, project = null }: Owned): string | null =>
  owner && visibleLine(ownerWords({ ...owner, detail: detailBeside(project, owner.detail) }))

/** Returns the owner line without the time, or the clients of a Serena over HTTP or the hub. */
export const briefOwnerLine = (of: Owned): string | null => {
  const { owner, project = null } = of
  return (
    sharedLine(of) ??
    networkLine(of) ??
    (owner && visibleLine(briefOwnerWords({ ...owner, detail: detailBeside(project, owner.detail) })))
  )
}

/** Returns `http, 2 clients: Codex CLI, Claude Code`; null: the transport is stdio. */
const networkLine = ({ transport = null, clients }: Owned): string | null => {
  const words = networkWords({ transport, clients })
  return words === null ? null : visibleLine(words)
}

/** Returns `3 clients: Claude Code (2), Cursor`; null: the hub does not run it. */
const sharedLine = ({ clients, hubSerena }: Owned): string | null => {
  const words = sharedWords({ clients, ...(hubSerena !== undefined && { hubSerena }) })
  return words === null ? null : visibleLine(words)
}

/** Returns the connected clients (over HTTP or the hub), then the process that started it; null: unknown. */
export function usersLine(of: Owned): string | null {
  const shared = sharedLine(of)
  if (shared !== null) return shared
  const [network, owner] = [networkLine(of), ownerLine(of)]
  if (network === null) return owner
  return owner === null ? network : `${network} · started by ${owner}`
}

/** Returns the owner's detail, which begins with its folder, without the folder that the project already names. */
function detailBeside(project: Instance['project'], detail: string | null): string | null {
  if (detail === null) return null
  const words = shortPath(detail)
  const folder = project?.path ? shortPath(project.path) : null
  if (folder === null || folder.split(/[/\\]/).at(-1) !== visibleLine(project?.name ?? '')) return words
  if (words === folder) return null
  return words.startsWith(`${folder}, `) ? words.slice(folder.length + 2) : words
}
