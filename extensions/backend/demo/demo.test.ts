// The demo with real child processes: what it starts, what it leaves behind (nothing).
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type Demo, startDemo } from './demo.ts'
import { planDemo } from './demo-plan.ts'

let demo: Demo | null = null
afterEach(async () => {
  await demo?.stop()
  demo = null
})

const ask = async (port: number | null, path: string): Promise<unknown> =>
  (await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(1500) })).json()

test('starts six instances of five kinds and leaves nothing behind', async () => {
  demo = await startDemo()
  const [live, idle, hung, starting] = demo.standIns
  expect(await ask(live?.port() ?? null, '/get_config_overview')).toMatchObject({
    active_project: { name: 'shop-api' },
    serena_version: '2.1.0',
  })
  expect(await ask(idle?.port() ?? null, '/get_config_overview')).toMatchObject({
    active_project: { name: null },
  })
  expect(starting?.port()).toBeNull()
  expect(await ask(hung?.port() ?? null, '/heartbeat')).toEqual({ status: 'alive' })

  const dead = JSON.parse(readFileSync(join(demo.serenaHome, 'instances.json'), 'utf8')) as {
    instances: Record<string, { pid: number }>
  }
  const deadPid = Object.values(dead.instances)[0]?.pid ?? 0
  expect(() => process.kill(deadPid, 0)).toThrow('ESRCH')

  const { serenaHome, standIns } = demo
  await demo.stop()
  demo = null
  expect(existsSync(serenaHome)).toBe(false)
  expect(standIns.map(({ child }) => child.exit()?.code)).toEqual([0, 0, 0, 0, 0])
}, 30_000)

test('starts the requested number, every fourth without a project, each name once', () => {
  const tracked = planDemo(30)
  expect(tracked).toHaveLength(30)
  expect(tracked.filter(({ project }) => project === null)).toHaveLength(7)
  const names = tracked.map(({ project }) => project).filter((name) => name !== null)
  expect(new Set(names).size).toBe(names.length)
})
