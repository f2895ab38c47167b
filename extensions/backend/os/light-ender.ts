// Listing and ending processes with as little loaded as this platform needs: `wrap` runs beside every Serena.

import type { ProcessEnder } from './held-process.ts'
import { createLinuxEnder } from './linux/linux-ender.ts'

/** Loads the ender of this platform. */
export async function loadLightEnder(platform: NodeJS.Platform = process.platform): Promise<ProcessEnder> {
  if (platform === 'linux') return createLinuxEnder()
  const { createProcessEnder } = await import('./process-ender.ts')
  return createProcessEnder(platform)
}
