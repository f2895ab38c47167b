// Serena's tray manager: one process that serves all instances, whichever of them started it. Pure.
import type { ProcessFact } from '../os/process-facts.ts'

/** Returns whether a command line is the tray manager's. */
export const isTrayManager = ({ argv }: Pick<ProcessFact, 'argv'>): boolean =>
  argv?.some((word) => word.includes('SerenaDashboardTrayManager')) ?? false
