// Listing and ending processes with as little loaded as this platform needs: `wrap` lives beside every Serena.
import { createLinuxEnder } from './linux/end-tree.ts'
import type { ProcessEnder } from './process-ender.ts'

/** The ender of this platform. */
export async function loadLightEnder(platform: NodeJS.Platform = process.platform): Promise<ProcessEnder> {
  if (platform === 'linux') return createLinuxEnder()
  const { createProcessEnder } = await import('./process-ender.ts')
  return createProcessEnder(platform)
}
