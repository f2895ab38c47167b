// Which instances run an older Serena than one that is known here: from a dashboard, from another instance, or because their
// version is known to be unsafe. It needs no network. Pure.
import type { GroupMember, OwnedNote } from './group-facts.ts'

/** Earlier versions answer requests for any host (oraios/serena#1656). */
const SAFE_VERSION = '1.5.2'
const UNSAFE = `Before ${SAFE_VERSION}, any website that is open in a browser on this machine can call its dashboard (CVE-2026-49471).`
const ADVICE =
  'Update the Serena that its client starts, for example with `uv tool upgrade serena-agent`, then restart it from its client.'

interface Known {
  version: string
  /** The instance that runs this version, or whose dashboard reports it. */
  by: GroupMember
  isOwn: boolean
}

/** Returns the notes of the instances that are older than the newest known version. */
export function findOutdated(members: readonly GroupMember[]): OwnedNote[] {
  const newest = members.flatMap(versionsKnownBy).reduce<Known | null>(newer, null)
  return members.flatMap((member) => {
    const { serenaVersion } = member
    if (serenaVersion === null) return []
    const isUnsafe = isOlder(serenaVersion, SAFE_VERSION)
    const hasNewer = newest !== null && isOlder(serenaVersion, newest.version)
    if (!hasNewer && !isUnsafe) return []
    const text = `This is Serena ${short(serenaVersion)}${hasNewer ? `; ${source(newest, member)}` : ''}.`
    const more = isUnsafe ? UNSAFE : ''
    const others = hasNewer && newest.by.id !== member.id ? [newest.by.id] : []
    return [{ id: member.id, note: { flag: 'outdated', text, more, advice: ADVICE, others, unused: null } }]
  })
}

function versionsKnownBy(member: GroupMember): Known[] {
  const { serenaVersion, newerSerenaVersion } = member
  const known: Known[] = []
  if (serenaVersion !== null) known.push({ version: serenaVersion, by: member, isOwn: true })
  if (newerSerenaVersion !== null) known.push({ version: newerSerenaVersion, by: member, isOwn: false })
  return known
}

const newer = (a: Known | null, b: Known): Known | null =>
  partsOf(b.version) === null || (a !== null && !isOlder(a.version, b.version)) ? a : b

function source({ version, by, isOwn }: Known, member: GroupMember): string {
  if (isOwn) return `${by.title} runs ${short(version)}`
  return `${by.id === member.id ? 'its dashboard' : `the dashboard of ${by.title}`} reports ${short(version)}`
}

/** Returns the release number: `2.1.0` of `2.1.0-1a2b3c4`; null: there is none at the start. */
function partsOf(version: string): readonly number[] | null {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(version)
  return match && [match[1], match[2], match[3]].map((part) => Number(part ?? 0))
}

const short = (version: string): string => partsOf(version)?.join('.') ?? version

/** Returns true if `version` is older; false also if one of them cannot be parsed. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [partsOf(version), partsOf(than)]
  if (!a || !b) return false
  const at = a.findIndex((part, index) => part !== b[index])
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0)
}
