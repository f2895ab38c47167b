// The text of the doctor: one home with a finding of each severity.
import { describe, expect, it } from 'vitest'
import { makeHome, servers, start, stdio } from '../doctor/home.fixture.ts'
import { doctorText } from './doctor-text.ts'

const FILES = {
  '.claude.json': servers({
    serena: stdio(start('--context', 'claude-code', '--project-from-cwd', '--disable-memories')),
  }),
  '.gemini/settings.json': servers({
    serena: {
      command: 'uvx',
      args: [
        '--from',
        'git+https://github.com/oraios/serena',
        'serena',
        ...start('--context', 'ide', '--project-from-cwd'),
      ],
    },
  }),
  '.qwen/settings.json': servers({
    serena: {
      command: 'node',
      args: [
        '/opt/serena-deck/cli.js',
        'wrap',
        '--web-dashboard-global',
        'serena',
        ...start('--context', 'ide', '--project-from-cwd'),
      ],
    },
  }),
}

describe('doctorText', () => {
  it('groups the findings by severity, in lines of at most 80 columns', async () => {
    const { home, doctor, remove } = makeHome(FILES)
    const found = await doctor.report({ home })
    remove()
    const text = doctorText(found, { hasColours: false, home })
    // The ids depend on the folder of the test.
    expect(text.replace(/:[0-9a-f]{8}:/g, ':HASH:')).toMatchSnapshot()
    for (const line of text.split('\n'))
      if (!/[^ ]{60}/.test(line)) expect(line.length).toBeLessThanOrEqual(80)
  })

  it('says that there is nothing, and how many are ignored', async () => {
    const { home, doctor, remove } = makeHome({
      '.gemini/settings.json': servers({ serena: stdio(start('--context', 'ide')) }),
    })
    const [first] = (await doctor.report({ home })).diagnoses
    doctor.ignore(first?.id ?? '', 'as wanted')
    const found = await doctor.report({ home })
    remove()
    expect(doctorText(found, { hasColours: false, home })).toBe(
      'No problems found: 1 configuration file, 1 entry for Serena. 1 finding ignored.\n',
    )
  })
})
