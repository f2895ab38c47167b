// The status of the hub with the memory of its Serenas. Pure.
import { type HubStatus, savedBytesOf } from '#contract/hub'
import type { Instance } from '#contract/instance'

/** Returns the status with the memory of each tree, as the list of instances has it, and what separate Serenas would use more. */
export function measuredStatus(
  status: HubStatus,
  instances: readonly Pick<Instance, 'hubSerena' | 'pid' | 'memoryBytes'>[],
): HubStatus {
  const serenas = status.serenas.map((serena) => {
    const instance = instances.find(({ hubSerena, pid }) => hubSerena === serena.id && pid !== null)
    return { ...serena, memoryBytes: serena.pid === null ? null : (instance?.memoryBytes ?? null) }
  })
  const isMeasured = serenas.every(({ pid, memoryBytes }) => pid === null || memoryBytes !== null)
  return { ...status, serenas, savedBytes: isMeasured ? savedBytesOf(serenas) : null }
}
