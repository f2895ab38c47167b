// The official conformance suite of MCP against the URL of the hub. It is installed into the cache at first use, with the Node that
// it needs, and is no dependency.
import { execFile } from 'node:child_process'
import * as fs from 'node:fs'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startUrlStage, type UrlStage } from '../helpers/hub-url.ts'
import { createScope } from '../helpers/scope.ts'
import { makeTempFolder, projectRoot } from '../helpers/temp-home.ts'

const run = promisify(execFile)
const SUITE = '@modelcontextprotocol/conformance@0.2.0-alpha.12'
/** The suite uses parts of Node that 20 does not have. */
const isOldNode = !('globSync' in fs)
const NODE = `node-${process.platform}-${process.arch}`
const cache = join(projectRoot, '.cache', 'conformance')
const modules = join(cache, 'node_modules')
const node = isOldNode ? join(modules, NODE, 'bin', 'node') : process.execPath
const suite = join(modules, '@modelcontextprotocol', 'conformance', 'dist', 'index.js')

/**
 * By design: the URL refuses every Origin, its own too. The others are about a server that sends requests to a client without sessions,
 * or declares headers for arguments: Serena does neither, and its connection to the hub is one with sessions (docs/dev/hub.md).
 */
const NOT_PASSED = {
  '2025-11-25': ['dns-rebinding-protection'],
  '2026-07-28': [
    'dns-rebinding-protection',
    'http-custom-header-server-validation',
    'input-required-result-basic-elicitation',
    'input-required-result-basic-list-roots',
    'input-required-result-basic-sampling',
    'input-required-result-capability-check',
    'input-required-result-multi-round',
    'input-required-result-multiple-input-requests',
    'input-required-result-non-tool-request',
    'input-required-result-request-state',
    'input-required-result-result-type',
    'input-required-result-tampered-state',
    'server-stateless',
  ],
} as const
/** Checks of that scenario that need a tool which asks the client. */
const STATELESS_CHECKS = [
  'sep-2575-missing-capability-http-400',
  'sep-2575-server-rejects-undeclared-capability',
]

const scope = createScope()
let stage: UrlStage
beforeAll(async () => {
  if (!existsSync(suite) || !existsSync(node)) {
    mkdirSync(cache, { recursive: true })
    writeFileSync(join(cache, 'package.json'), '{"private":true}\n')
    await run(
      'npm',
      ['install', '--no-audit', '--no-fund', '--ignore-scripts', SUITE, ...(isOldNode ? [`${NODE}@22`] : [])],
      { cwd: cache },
    )
  }
  const programs = await makeTempFolder(scope, 'conformance')
  copyFileSync(
    join(projectRoot, 'test', 'fixtures', 'programs', 'conformance-serena.cjs'),
    join(programs, 'serena'),
  )
  stage = await startUrlStage(scope, { path: programs })
}, 300_000)
afterAll(() => scope.end())

interface Check {
  id: string
  status: string
  errorMessage?: string
}

async function failedOf(requirements: string): Promise<Map<string, Check[]>> {
  const results = await makeTempFolder(scope, 'results')
  const project = encodeURIComponent(stage.project)
  const url = `http://127.0.0.1:${stage.port}/mcp/${stage.pathSecret}/${project}`
  const words = [suite, 'server', '--url', url, '--requirements', requirements, '-o', results]
  // It exits with 1 when a scenario fails.
  await run(node, words, { maxBuffer: 64 * 1024 * 1024 }).catch(() => null)
  const files = readdirSync(results).map((name) => join(results, name, 'checks.json'))
  expect(files.length).toBeGreaterThan(20)
  const failed = new Map<string, Check[]>()
  for (const file of files) {
    const scenario = /server-(.+?)-\d{4}-\d\d-\d\dT/.exec(file)?.[1] ?? file
    const checks = (JSON.parse(readFileSync(file, 'utf8')) as Check[]).filter(
      ({ status }) => status === 'FAILURE',
    )
    if (checks.length > 0 && !scenario.startsWith('tasks-')) failed.set(scenario, checks)
  }
  return failed
}

it.each(['2025-11-25', '2026-07-28'] as const)(
  'passes the requirements of %s apart from what Serena does not have',
  async (requirements) => {
    const failed = await failedOf(requirements)
    const words = [...failed].map(
      ([scenario, checks]) => `${scenario}: ${checks.map(({ id }) => id).join(', ')}`,
    )
    expect([...failed.keys()].toSorted(), words.join('\n')).toEqual(NOT_PASSED[requirements])
    const stateless = failed.get('server-stateless') ?? []
    expect(stateless.map(({ id }) => id).filter((id) => !STATELESS_CHECKS.includes(id))).toEqual([])
  },
  300_000,
)
