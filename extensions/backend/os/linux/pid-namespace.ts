// Whether a process of another pid namespace is in a sandbox of this user's own (bubblewrap, Flatpak, `unshare`) or in a
// container: a sandbox is judged and ended by the pid that it has here, a container belongs to its runtime.
import { parseInnerPids, parseNumberLine } from './parse-proc.ts'
import { readLink, readProcText } from './read-proc.ts'

/** Where a process has its pid. */
export interface PidPlace {
  /** False: our namespace, or a sandbox of ours below it; null: cannot be proven. */
  isForeign: boolean | null
  /** In a sandbox: the pid that the process has there, and the name of that namespace. */
  inner: { pid: number; namespace: string } | null
}

const UNPROVEN: PidPlace = { isForeign: null, inner: null }
const FOREIGN: PidPlace = { isForeign: true, inner: null }

/** Names our pid namespace. */
export const ownPidNamespace = (): string | null => readLink('/proc/self/ns/pid')

/** Returns where the process of this pid is, as it can be read now. */
export function readPidPlace(pid: number): PidPlace {
  const own = ownPidNamespace()
  const namespace = readLink(`/proc/${pid}/ns/pid`)
  if (own === null || namespace === null) return UNPROVEN
  if (own === namespace) return { isForeign: false, inner: null }
  const status = readProcText(`/proc/${pid}/status`)
  const cgroup = readProcText(`/proc/${pid}/cgroup`)
  if (status === null || cgroup === null || !isProcOurs()) return UNPROVEN
  // The line begins in the namespace of our /proc: the process has a pid in it, so its own namespace is below ours.
  const inner = parseInnerPids(status).at(-1)
  if (inner === undefined) return UNPROVEN
  const ownUid = process.getuid?.() ?? null
  if (ownUid === null || parseNumberLine(status, 'Uid') !== ownUid) return FOREIGN
  const ownCgroup = readProcText('/proc/self/cgroup')
  if (ownCgroup === null) return UNPROVEN
  if (isOtherContainer(cgroup, ownCgroup, ownUid)) return FOREIGN
  if (ownUid === 0 && !isRootsOwn(pid)) return FOREIGN
  return { isForeign: false, inner: { pid: inner, namespace } }
}

/** Another namespace's /proc shows other pids than those that signals go to. */
function isProcOurs(): boolean {
  const status = readProcText('/proc/self/status') ?? ''
  return parseNumberLine(status, 'NSpid') === process.pid && parseInnerPids(status).length === 0
}

/** Root in a container may be root here as well, so a user namespace counts only when it maps this one user alone. */
function isRootsOwn(pid: number): boolean {
  const theirs = readLink(`/proc/${pid}/ns/user`)
  const own = readLink('/proc/self/ns/user')
  if (theirs === null || own === null) return false
  return theirs === own || isMapOfOne(readProcText(`/proc/${pid}/uid_map`) ?? '', 0)
}

/** Returns true for a `uid_map` as `bwrap` and `unshare --map-root-user` write it: one user, this one. Containers map ranges. */
export function isMapOfOne(text: string, uid: number): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const [, outside, count] = (lines[0] ?? '').trim().split(/\s+/)
  return lines.length === 1 && outside === String(uid) && count === '1'
}

/** Groups that a runtime makes for a container: a whole name, or with the next one. */
const CONTAINER =
  /^((docker|libpod|cri-containerd|crio|nerdctl|buildah|podman|lxc\.payload|lxc\.monitor)[-._].+|.*[0-9a-f]{64}.*)$/
const RUNTIME = /^(docker|kubepods(\.slice)?|containerd|crio|libpod_parent|lxc|ecs|garden|machine\.slice)$/

/** Returns the containers that a `/proc/PID/cgroup` names, each as the path of its group. */
export function containersIn(cgroup: string): ReadonlySet<string> {
  const found = new Set<string>()
  for (const line of cgroup.split('\n')) {
    const path = /^\d+:[^:]*:(.*)$/.exec(line)?.[1] ?? ''
    const names = path.split('/')
    const whole = names.findIndex((name) => CONTAINER.test(name))
    const runtime = names.findIndex((name) => RUNTIME.test(name))
    const ends = [whole, runtime < 0 ? -1 : Math.min(runtime + 1, names.length - 1)].filter((at) => at >= 0)
    if (ends.length > 0) found.add(names.slice(0, Math.min(...ends) + 1).join('/'))
  }
  return found
}

/** Returns true for another container than ours. A rootless container belongs to the user whose service manager holds its group. */
export function isOtherContainer(cgroup: string, ownCgroup: string, ownUid: number): boolean {
  const own = containersIn(ownCgroup)
  const isOfUser = new RegExp(`/user@${ownUid}\\.service/|/user-${ownUid}\\.slice/`)
  return [...containersIn(cgroup)].some((path) => !own.has(path) && (ownUid === 0 || !isOfUser.test(path)))
}
