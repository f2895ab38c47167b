// `wrap` on Windows around a Serena that does what each call says: the connection, and every way to end.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isAlive, signalProcess } from '../helpers/processes.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'
import { startWrappedClient } from './wrapped-client.ts'

const scope = scopePerTest()
const allExit = (marks: readonly Parameters<typeof isAlive>[0][]): Promise<unknown> =>
  waitUntil('all to exit', () => !marks.some(isAlive), { timeoutMs: 30_000 })

test('passes messages and the exit code', async () => {
  const { client, call } = await startWrappedClient(scope)
  expect(await call(1, { text: 'größer 苹果' })).toMatchObject({
    result: { content: [{ text: 'größer 苹果' }] },
  })
  const { result } = await call(2, { size: 300_000 })
  expect(JSON.stringify(result).length).toBeGreaterThan(300_000)
  client.send({
    jsonrpc: '2.0',
    id: 3,
    method: 'tools/call',
    params: { name: 'write', arguments: { exit: 7 } },
  })
  expect(await client.said((message) => 'exit' in message)).toEqual({ exit: 7 })
})

test('a killed client leaves no process', async () => {
  const { client, tree } = await startWrappedClient(scope)
  const marks = tree()
  expect(marks.length).toBeGreaterThan(1)
  signalProcess(client.mark, 'SIGKILL')
  await allExit(marks)
})

test('a killed client leaves no process while another program holds its pipe', async () => {
  const { client, tree } = await startWrappedClient(scope, { leaks: true })
  const marks = tree()
  signalProcess(client.mark, 'SIGKILL')
  await allExit(marks)
})

test('a killed client leaves no Serena that ignores the end of its input', async () => {
  const { client, tree } = await startWrappedClient(scope, { script: { isStubborn: true } })
  const marks = tree()
  signalProcess(client.mark, 'SIGKILL')
  await allExit(marks)
})

test('a killed wrapper leaves no Serena and nothing that the Serena started', async () => {
  const { wrapper, call, tree } = await startWrappedClient(scope, { script: { isStubborn: true } })
  await call(1, { holdOutput: 60_000 })
  const marks = tree()
  expect(marks.length).toBeGreaterThan(2)
  signalProcess(wrapper, 'SIGKILL')
  await allExit(marks)
})

test('what a batch file starts at once is in the job of the wrapper', async () => {
  const folder = await makeTempFolder(scope, 'batch with blanks')
  const batch = join(folder, 'uvx.cmd')
  const { wrapper, serena, tree, call } = await startWrappedClient(scope, {
    script: { isStubborn: true },
    command(one) {
      const [node = '', program = ''] = one.command
      writeFileSync(batch, `@"${node}" "${program}" %*\r\n`)
      return [batch, 'start-mcp-server', '--project', 'a b']
    },
  })
  expect(await call(1, { text: 'through' })).toMatchObject({ result: { content: [{ text: 'through' }] } })
  expect(serena.starts()).toHaveLength(1)
  const marks = tree()
  expect(marks.map(({ pid }) => pid)).toContain(serena.starts()[0])
  signalProcess(wrapper, 'SIGKILL')
  await allExit(marks)
})

test('a program without an extension is found as a batch file in PATH', async () => {
  const folder = await makeTempFolder(scope, 'path')
  const { call } = await startWrappedClient(scope, {
    env: { PATH: `${folder};${process.env['PATH'] ?? ''}` },
    command(one) {
      const [node = '', program = ''] = one.command
      writeFileSync(join(folder, 'uvx.cmd'), `@"${node}" "${program}" %*\r\n`)
      return ['uvx', 'start-mcp-server']
    },
  })
  expect(await call(1, { text: 'found' })).toMatchObject({ result: { content: [{ text: 'found' }] } })
})
