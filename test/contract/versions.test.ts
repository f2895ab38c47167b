// The most used releases, with real Serenas; and a future release.
import { expect, test } from 'vitest'
import { startBackend } from '../helpers/backend.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { describeVersion } from '../helpers/version-suite.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

describeVersion('2.1.0', 'tools')
describeVersion('2.1.0', 'repl')
describeVersion('1.7.0')

const scope = scopePerTest()

test('works with a future release: more fields, fewer routes, other types', async () => {
  const serenaHome = await makeTempFolder(scope, 'home')
  const standIn = await startTestStandIn(scope, {
    serenaHome,
    options: {
      version: '3.0.0',
      project: { name: 'shop', path: '/srv/shop' },
      hasExtraFields: true,
      missingRoutes: ['/get_token_count_estimator_name', '/last_execution'],
      changedTypes: ['active_tools', 'available_memories', 'registered_projects', 'context', 'encoding'],
    },
  })
  const backend = await startBackend(scope, { homes: [serenaHome] })
  const { instances } = await backend.call('sweep')
  expect(instances).toMatchObject([{ pid: standIn.pid, state: 'live', serenaVersion: '3.0.0' }])
  const params = { id: instances[0]?.id ?? '' }
  const overview = await backend.call('overview', { params })
  expect(overview).toMatchObject({
    isAvailable: true,
    data: {
      project: { name: 'shop' },
      context: null,
      encoding: null,
      activeTools: [],
      memories: null,
      registeredProjects: [],
      languageBackend: 'LSP',
    },
  })
  expect(await backend.call('stats', { params })).toMatchObject({
    isAvailable: true,
    data: { estimator: null },
  })
  expect((await backend.call('executions', { params })).isAvailable).toBe(false)
  expect((await backend.call('logs', { params, query: { from: '0' } })).isAvailable).toBe(true)
})
