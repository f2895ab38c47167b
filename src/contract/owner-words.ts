// The owner of an instance as one line. Pure, and the only place that spells it.
import type { Instance } from './instance.ts'

type Owner = Pick<NonNullable<Instance['owner']>, 'name' | 'detail'>

/** `Claude Code in ~/shop, terminal 3, since 14:02`; where no folder is known `Claude Code, since 14:02`. */
export function ownerWords({ name, detail }: Owner): string {
  if (detail === null || detail === '') return name
  return isFolder(detail) ? `${name} in ${detail}` : `${name}, ${detail}`
}

/** The same without the time, for narrow places: `Claude Code in ~/shop, terminal 3`. */
export function briefOwnerWords({ name, detail }: Owner): string {
  return ownerWords({ name, detail: detail?.replace(/(^|, )since [^,]*$/, '') ?? null })
}

/** A detail begins with the folder, if one is known. */
const isFolder = (detail: string): boolean => /^(~|\/|\\\\|[A-Za-z]:[\\/])/.test(detail)

/** What the end of an instance means for its client; null: no running client is known. */
export function clientWarning({ owner, colour }: Pick<Instance, 'owner' | 'colour'>): string | null {
  if (owner === null || colour === 'red') return null
  return `Its client (${briefOwnerWords(owner)}, process ${owner.pid}) is running; ending it ends Serena's tools in that session.`
}
