// The talk with PowerShell, with a program that plays it: everything but the real powershell.exe.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { type AskedProgram, type AskedProgramOptions, createAskedProgram } from './asked-program.ts'
import { evaluateIn } from './powershell.ts'

const FAKE = fileURLToPath(new URL('../../../../test/fixtures/programs/fake-powershell.mjs', import.meta.url))
const opened: AskedProgram[] = []
/** Fakes that should have gone by themselves. */
const strays: number[] = []
afterEach(async () => {
  for (const pid of strays.splice(0)) if (pid > 1 && lives(pid)) process.kill(pid, 'SIGKILL')
  await Promise.all(opened.splice(0).map((program) => program.close()))
})

function open(options: Partial<AskedProgramOptions> = {}): (expression: string) => Promise<string> {
  const program = createAskedProgram({
    file: process.execPath,
    args: [FAKE],
    env: process.env,
    backoffMs: 20,
    ...options,
  })
  opened.push(program)
  return (expression) => evaluateIn(program, expression)
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    // ESRCH: gone.
    return false
  }
}

const failureOf = (result: PromiseSettledResult<string> | undefined): string =>
  result?.status === 'rejected' ? String(result.reason) : `no failure: ${result?.value}`

async function untilGone(pid: number): Promise<void> {
  strays.push(pid)
  for (const end = Date.now() + 5_000; Date.now() < end && lives(pid); )
    await new Promise((resolve) => setTimeout(resolve, 20))
  expect(lives(pid)).toBe(false)
}

describe('a program that is asked', () => {
  it('answers one question after another, each with its own answer', async () => {
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

  it('tells what PowerShell says when it cannot, and asks the same one on', async () => {
    const ask = open()
    const pid = await ask('pid')
    await expect(ask('deny Access denied ')).rejects.toThrow('PowerShell says: Access denied ')
    expect(await ask('pid')).toBe(pid)
  })

  it('ends one that hangs, and asks a new one', async () => {
    const ask = open({ timeoutMs: 600 })
    const pid = Number(await ask('pid'))
    const [late, next] = await Promise.allSettled([ask('late 60000 x'), ask('pid')])
    expect(failureOf(late)).toContain('no answer for 0.6 s')
    expect(next.status).toBe('fulfilled')
    expect(next).not.toMatchObject({ value: String(pid) })
    await untilGone(pid)
  })

  it('rejects at once when it dies before or within its answer', async () => {
    const ask = open()
    await expect(ask('die')).rejects.toThrow('exit code 3')
    await expect(ask('half')).rejects.toThrow('exit code 0')
    expect(await ask('give back')).toBe('back')
  })

  it('ends one that prints without end', async () => {
    const ask = open()
    const pid = Number(await ask('pid'))
    await expect(ask('flood 40')).rejects.toThrow('printed more than 33554432 bytes')
    await untilGone(pid)
    expect(await ask('flood 8')).toBe('done')
  })

  it('rests after three failures within a minute, then tries anew', async () => {
    const ask = open({ restMs: 400 })
    for (const _ of [1, 2, 3]) await expect(ask('die')).rejects.toThrow('exit code 3')
    const askedAtMs = performance.now()
    await expect(ask('give early')).rejects.toThrow('exit code 3')
    expect(performance.now() - askedAtMs).toBeLessThan(200)
    await new Promise((resolve) => setTimeout(resolve, 450))
    expect(await ask('give again')).toBe('again')
  })

  it('rejects everything that waits when it can never be started', async () => {
    const ask = open({ file: '/nowhere/powershell.exe' })
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => ask('give x')))
    for (const result of results) expect(failureOf(result)).toContain('ENOENT')
    await expect(open({ file: 'nul\0byte' })('give x')).rejects.toThrow('cannot be started')
  })

  it('takes no more questions than anybody waits for', async () => {
    const ask = open()
    const slow = ask('late 300 x')
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => ask('give x')))
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(36)
    expect(await slow).toBe('x')
  })

  it('survives the end of an idle one', async () => {
    const ask = open()
    const pid = Number(await ask('pid'))
    process.kill(pid, 'SIGKILL')
    await untilGone(pid)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await ask('give on')).toBe('on')
  })

  it('closes: what is open is rejected, the program ends, and nothing starts again', async () => {
    const program = createAskedProgram({ file: process.execPath, args: [FAKE], env: process.env })
    const pid = Number(await evaluateIn(program, 'pid'))
    const asked = Promise.allSettled([evaluateIn(program, 'late 60000 x'), evaluateIn(program, 'give x')])
    await program.close()
    expect(lives(pid)).toBe(false)
    for (const result of await asked) expect(failureOf(result)).toContain('was closed')
    await expect(evaluateIn(program, 'give x')).rejects.toThrow('was closed')
  })

  it('holds nobody up, and ends with us even when it hangs', async () => {
    const script = `
      import { createAskedProgram } from ${JSON.stringify(new URL('./asked-program.ts', import.meta.url).href)}
      import { evaluateIn } from ${JSON.stringify(new URL('./powershell.ts', import.meta.url).href)}
      const program = createAskedProgram({ file: process.execPath, args: [${JSON.stringify(FAKE)}], env: process.env })
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
    await untilGone(Number(printed))
  }, 30_000)
})

describe.runIf(process.platform === 'win32')('the real PowerShell (Windows only)', () => {
  it('gives what is asked, with any character', async () => {
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
