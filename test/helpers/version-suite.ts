// Tests the data of a tab with a real Serena of one release: the same checks for each, and the features that each may lack.
import { describe, expect, test } from 'vitest'
import { startBackend } from './backend.ts'
import { hasSerena, type SerenaStart, type SerenaVersion, startSerena } from './serena.ts'
import { makeSerenaHome, makeTypeScriptProject } from './temp-home.ts'
import { scopePerTest } from './vitest-scope.ts'
import { waitUntil } from './wait-until.ts'

const isOld = (version: SerenaVersion): boolean => version.startsWith('0.')

/** Describes the full tab of that release. */
export function describeVersion(
  version: SerenaVersion,
  agentInterface?: SerenaStart['agentInterface'],
): void {
  const name = agentInterface === undefined ? version : `${version} (${agentInterface})`
  const isThere = hasSerena(version)
  describe.skipIf(!isThere)(`Serena ${name}${isThere ? '' : ' (it could not be installed)'}`, () => {
    const scope = scopePerTest()

    test('shows a full tab, and names what the release lacks', async () => {
      const serenaHome = await makeSerenaHome(scope, '.serena')
      const project = await makeTypeScriptProject(scope)
      const serena = await startSerena(scope, {
        version,
        serenaHome,
        project: project.path,
        ...(agentInterface && { agentInterface }),
      })
      const backend = await startBackend(scope, { homes: [serenaHome] })
      const { id, ...instance } = await waitUntil(
        'the instance to answer',
        async () => {
          const { instances } = await backend.call('sweep')
          return instances.find(({ pid, port }) => pid === serena.pid && port !== null)
        },
        { everyMs: 200 },
      )
      expect(instance).toMatchObject({
        title: `${serena.pid} - demo-ts`,
        port: await serena.dashboardPort(),
        transport: 'stdio',
        owner: { pid: serena.clientPid },
      })
      const params = { id }
      const overview = await backend.call('overview', { params })
      const executions = await backend.call('executions', { params })
      const logs = await backend.call('logs', { params, query: { from: '0' } })
      const stats = await backend.call('stats', { params })

      expect(logs).toMatchObject({ isAvailable: true, data: { from: 0 } })
      expect(JSON.stringify(logs)).toMatch(/dashboard.*started/i)
      expect(stats.isAvailable).toBe(true)
      if (isOld(version)) {
        // 0.1.x cannot say which project is active, nor its version.
        expect(instance.state).toBe('idle')
        for (const answer of [overview, executions])
          expect(answer).toMatchObject({ isAvailable: false, since: '1.0.0' })
        return
      }
      expect(instance.state).toBe('live')
      expect(instance.serenaVersion).toMatch(new RegExp(`^${version.replaceAll('.', '\\.')}`))
      expect(executions).toMatchObject({ isAvailable: true })
      expect(overview).toMatchObject({
        isAvailable: true,
        data: {
          project: { name: 'demo-ts', path: project.path, languages: ['typescript'] },
          otherFacts: [],
        },
      })
      if (!overview.isAvailable) throw new Error('no overview')
      const { activeTools, availableModes, availableContexts, registeredProjects, facades } = overview.data
      expect(activeTools.length).toBeGreaterThan(2)
      expect(availableModes.length).toBeGreaterThan(2)
      expect(availableContexts.some(({ isActive }) => isActive)).toBe(true)
      expect(registeredProjects.map((choice) => choice.name)).toContain('demo-ts')
      if (agentInterface === 'repl')
        expect(facades?.flatMap(({ methods }) => methods).length).toBeGreaterThan(5)
      else if (version.startsWith('2.')) expect(activeTools).toContain('find_symbol')
    })
  })
}
