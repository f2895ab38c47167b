// The container a process is in, by its cgroup.
import type { ContainerFact } from '../process-facts.ts'
import { readProcText, readWhole } from './read-proc.ts'

const ID = '([0-9a-f]{64})'
/** Path of a cgroup -> what stops the container. Sources: moby, containers/podman, containerd and cri-o, their cgroup drivers. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`(?:^|/)docker-${ID}\\.scope(?:/|$)`), 'docker'],
  [new RegExp(`/docker(?:/[^/]+)*/${ID}(?:/|$)`), 'docker'],
  [new RegExp(`(?:^|/)libpod-(?:payload-)?${ID}(?:\\.scope)?(?:/|$)`), 'podman'],
  [new RegExp(`(?:^|/)nerdctl-${ID}\\.scope(?:/|$)`), 'nerdctl'],
  [new RegExp(`(?:^|/)(?:cri-containerd|crio)-${ID}(?:\\.scope)?(?:/|$)`), 'crictl'],
  [new RegExp(`/kubepods[^/]*/.*/${ID}(?:/|$)`), 'crictl'],
  [/\/lxc\.payload\.([\w.-]+)(?:\/|$)/, 'lxc'],
]

/** Returns the container that the text of `/proc/PID/cgroup` names; null: none is known. Pure. */
export function parseContainer(cgroup: string): Pick<ContainerFact, 'program' | 'id'> | null {
  const paths = cgroup.split('\n').map((line) => line.replace(/^\d+:[^:]*:/, ''))
  for (const [pattern, program] of PATTERNS)
    for (const path of paths) {
      const id = pattern.exec(path)?.[1]
      if (id !== undefined) return { program, id }
    }
  return null
}

/** Returns the container that a process is in and we are not; null: none, or not readable. */
export function readContainer(pid: number): ContainerFact | null {
  const found = parseContainer(readProcText(`/proc/${pid}/cgroup`) ?? '')
  if (found === null) return null
  const own = parseContainer(readProcText('/proc/self/cgroup') ?? '')
  return own?.id === found.id ? null : { ...found, name: nameOf(found) }
}

/** Docker stores the names of its containers in files that only root can read. */
function nameOf({ program, id }: Pick<ContainerFact, 'program' | 'id'>): string | null {
  if (program === 'lxc') return id
  if (program !== 'docker') return null
  const text = readWhole(`/var/lib/docker/containers/${id}/config.v2.json`)
  return /"Name":"\/([\w.-]+)"/.exec(text ?? '')?.[1] ?? null
}
