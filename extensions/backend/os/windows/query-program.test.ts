// The exchange with PowerShell through a stand-in program: everything but the real powershell.exe.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { evaluateIn } from './powershell.ts'
import { createQueryProgram, type QueryProgram, type QueryProgramOptions } from './query-program.ts'

const FAKE = fileURLToPath(new URL('../../../../test/fixtures/programs/fake-powershell.mjs', import.meta.url))
const opened: QueryProgram[] = []
/** Stand-ins that should have exited by themselves. */
const strays: number[] = []
afterEach(async () => {
  for (const pid of strays.splice(0)) if (pid > 1 && isRunning(pid)) process.kill(pid, 'SIGKILL')
  await Promise.all(opened.splice(0).map((program) => program.close()))
})

function open(options: Partial<QueryProgramOptions> = {}): (expression: string) => Promise<string> {
  const program = createQueryProgram({
    file: process.execPath,
    args: [FAKE],
    env: process.env,
    backoffMs: 20,
    ...options,
  })
  opened.push(program)
  return (expression) => evaluateIn(program, expression)
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    // ESRCH: it has exited.
    return false
  }
}

const failureOf = (result: PromiseSettledResult<string> | undefined): string =>
  result?.status === 'rejected' ? String(result.reason) : `no failure: ${result?.value}`

async function untilExited(pid: number): Promise<void> {
  strays.push(pid)
  for (const end = Date.now() + 5_000; Date.now() < end && isRunning(pid); )
    await new Promise((resolve) => setTimeout(resolve, 20))
  expect(isRunning(pid)).toBe(false)
}

describe('createQueryProgram', () => {
  it('answers questions in order, each with its own answer', async () => {
    const ask = open()
    const answers = await Promise.all([
      ask('late 80 first ü'),
      ask('give second'),
      ask('late 5 third'),
      ask('count'),
    ])
    expect(answers).toEqual(['first ü', 'second', 'third', '4'])
  })

  it('finds the answer among noise, and one that comes byte by byte', async () => {
    const ask = open()
    expect(await ask('noise {"a":"b"}')).toBe('{"a":"b"}')
    expect(await ask('slices 日本 😀')).toBe('日本 😀')
    expect(await ask('give ')).toBe('')
  })

  it('reports the error of PowerShell, and continues with the same process', async () => {
    const ask = open()
    const pid = await ask('pid')
    await expect(ask('deny Access denied ')).rejects.toThrow('PowerShell reported: Access denied ')
    expect(await ask('pid')).toBe(pid)
  })

  it('kills one that hangs, and starts a new one', async () => {
    const ask = open({ timeoutMs: 600 })
    const pid = Number(await ask('pid'))
    const [late, next] = await Promise.allSettled([ask('late 60000 x'), ask('pid')])
    expect(failureOf(late)).toContain('did not answer for 0.6 s')
    expect(next.status).toBe('fulfilled')
    expect(next).not.toMatchObject({ value: String(pid) })
    await untilExited(pid)
  })

  it('rejects at once when it exits before or during its answer', async () => {
    const ask = open()
    await expect(ask('die')).rejects.toThrow('exit code 3')
    await expect(ask('half')).rejects.toThrow('exit code 0')
    expect(await ask('give back')).toBe('back')
  })

  it('kills one that prints without end', async () => {
    const ask = open()
    const pid = Number(await ask('pid'))
    await expect(ask('flood 40')).rejects.toThrow('printed more than 33554432 bytes')
    await untilExited(pid)
    expect(await ask('flood 8')).toBe('done')
  })

  it('pauses after three failures within a minute, then tries again', async () => {
    const ask = open({ restMs: 400 })
    for (const _ of [1, 2, 3]) await expect(ask('die')).rejects.toThrow('exit code 3')
    await expect(ask('give early')).rejects.toThrow('exit code 3')
    await new Promise((resolve) => setTimeout(resolve, 450))
    expect(await ask('give again')).toBe('again')
  })

  it('rejects everything that waits when it can never be started', async () => {
    const ask = open({ file: '/nowhere/powershell.exe' })
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => ask('give x')))
    for (const result of results) expect(failureOf(result)).toContain('ENOENT')
    await expect(open({ file: 'nul\0byte' })('give x')).rejects.toThrow('cannot start')
  })

  it('limits the number of waiting questions', async () => {
    const ask = open()
    const slow = ask('late 300 x')
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => ask('give x')))
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(36)
    expect(await slow).toBe('x')
  })

  it('starts a new one after an idle one exits', async () => {
    const ask = open()
    const pid = Number(await ask('pid'))
    process.kill(pid, 'SIGKILL')
    await untilExited(pid)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await ask('give on')).toBe('on')
  })

  it('closes: what is open is rejected, the program ends, and nothing starts again', async () => {
    const program = createQueryProgram({ file: process.execPath, args: [FAKE], env: process.env })
    const pid = Number(await evaluateIn(program, 'pid'))
    const asked = Promise.allSettled([evaluateIn(program, 'late 60000 x'), evaluateIn(program, 'give x')])
    await program.close()
    expect(isRunning(pid)).toBe(false)
    for (const result of await asked) expect(failureOf(result)).toContain('was closed')
    await expect(evaluateIn(program, 'give x')).rejects.toThrow('was closed')
  })

  it('does not keep this process running, and ends with it even when it hangs', async () => {
    const script = `
      import { createQueryProgram } from ${JSON.stringify(new URL('./query-program.ts', import.meta.url).href)}
      import { evaluateIn } from ${JSON.stringify(new URL('./powershell.ts', import.meta.url).href)}
      const program = createQueryProgram({ file: process.execPath, args: [${JSON.stringify(FAKE)}], env: process.env })
      await evaluateIn(program, 'late 500 x')
      console.log(await evaluateIn(program, 'stay'))`
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let printed = ''
    child.stdout.on('data', (chunk) => {
      printed += String(chunk)
    })
    const killer = setTimeout(() => child.kill('SIGKILL'), 15_000)
    const [code] = (await once(child, 'close')) as [number]
    clearTimeout(killer)
    strays.push(Number(printed))
    expect(printed).toMatch(/^\d+\n$/)
    expect(code).toBe(0)
    await untilExited(Number(printed))
  }, 30_000)
})

describe.runIf(process.platform === 'win32')('the real PowerShell (Windows only)', () => {
  it('returns the value, with any character', async () => {
    const { createPowerShell } = await import('./powershell.ts')
    const powerShell = createPowerShell()
    try {
      expect(await powerShell.evaluate("'a'+[char]0xfc+[char]0x65e5")).toBe('aü日')
      await expect(powerShell.evaluate("[int]'x'")).rejects.toThrow('PowerShell says')
    } finally {
      await powerShell.close()
    }
  })
})
