// The id of an instance.
import { createHash } from 'node:crypto'
import type { ProcessIdentity } from '../os/process-identity.ts'

/** Returns an id that is stable for the life of the process and safe inside a URL path. */
export function instanceId(identity: ProcessIdentity, pid: number): string {
  return `${pid}-${createHash('sha256').update(identity).digest('hex').slice(0, 12)}`
}
