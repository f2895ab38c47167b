// Reads a home's settings with the YAML parser, which is loaded only then: `wrap` and the hub run for hours and must stay small.
import type { FullReader } from './wrap-settings.ts'

/** Returns the keys that flags of `wrap` override, and sentences about those that cannot be used. */
export const readHomeFully: FullReader = async (serenaHome) => {
  const { createSettingsReader } = await import('../serena/read-settings.ts')
  const home = createSettingsReader().read(serenaHome)
  return {
    flags: {
      isGlobal: home.webDashboardGlobal,
      opensOnLaunch: home.webDashboardGlobalOpenOnLaunch,
      globalPort: home.webDashboardGlobalPort,
      idleShutdownMinutes: home.idleShutdownMinutes,
    },
    problems: home.problems.map(({ text }) => text),
  }
}
