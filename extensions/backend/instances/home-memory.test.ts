import { describe, expect, it } from 'vitest'
import { processDetails, processFact } from '../os/process-fact.fixture.ts'
import type { ProcessDetails } from '../os/process-facts.ts'
import { createHomeMemory } from './home-memory.ts'

async function logFileFor(details: Partial<ProcessDetails>) {
  const asked: string[] = []
  const memory = createHomeMemory({
    source: { details: () => Promise.resolve(processDetails(details)) },
    logs: {
      readHead: () => Promise.resolve(null),
      modifiedAtMs: () => null,
      find(serenaHome, pid) {
        asked.push(serenaHome)
        return Promise.resolve(`${serenaHome}/logs/${pid}.txt`)
      },
    },
    homesToTry: ['/elsewhere'],
  })
  await memory.renew(processFact({ pid: 88 }), 0, false)
  return { logFile: memory.facts.logFile, asked }
}

const HOME = { environment: { SERENA_HOME: '/home/ana/.serena' }, openLogFiles: null }

describe('createHomeMemory', () => {
  it('finds the log in the home where the platform reports no open files', async () => {
    const { logFile, asked } = await logFileFor({ ...HOME, hasNoOpenFiles: true })
    expect(logFile).toBe('/home/ana/.serena/logs/88.txt')
    expect(asked).toEqual(['/home/ana/.serena'])
  })

  it('does not guess a log where open files are reported and could not be read', async () => {
    const { logFile, asked } = await logFileFor(HOME)
    expect([logFile, asked]).toEqual([null, []])
  })
})
