// A Serena among the processes, for tests.
import { processFact } from '../os/process-fact.fixture.ts'
import type { SerenaCommand, SerenaProcess } from './serena-process.ts'

/** `serena start-mcp-server` without any argument. */
export const serenaCommand = (change: Partial<SerenaCommand> = {}): SerenaCommand => ({
  project: null,
  isProjectFromCwd: false,
  context: null,
  modes: [],
  transport: 'stdio',
  mcpPort: null,
  isDashboardEnabled: null,
  ...change,
})

/** One alone: without launchers, descendants and client. */
export const serenaProcess = (change: Partial<SerenaProcess> = {}): SerenaProcess => ({
  process: processFact({ pid: 24_284, ppid: 100, argv: ['serena', 'start-mcp-server'] }),
  command: serenaCommand(),
  wrappers: [],
  descendants: [],
  client: null,
  isLauncherOnly: false,
  ...change,
})
