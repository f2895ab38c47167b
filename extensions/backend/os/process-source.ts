// Facts about processes and sockets, by platform.
import type { ProcessSource } from '../facts.ts'
import { createLinuxSource } from './linux/linux-source.ts'
import { createPlainSource } from './plain/plain-source.ts'

/** The source of this platform: /proc on Linux, ps-list elsewhere (which knows fewer facts). */
export function createProcessSource(platform: NodeJS.Platform = process.platform): ProcessSource {
  return platform === 'linux' ? createLinuxSource() : createPlainSource()
}
