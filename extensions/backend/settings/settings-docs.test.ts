// docs/settings.md shows the rows of the settings table.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import {
  HOME_SETTINGS,
  type HomeSettingRow,
  OWN_SETTINGS,
  type OwnSettingRow,
} from '#contract/settings-table'

const docs = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'settings.md'), 'utf8')
const tableOf = (rows: readonly (HomeSettingRow | OwnSettingRow)[]): string =>
  [
    '| key | flag | meaning | default |',
    '|---|---|---|---|',
    ...rows.map(({ key, flag, meaning, unset }) => {
      const flagCell = flag === null ? '' : `\`${flag}\``
      return `| \`${key}\` | ${flagCell} | ${meaning} | ${unset} |`
    }),
    '',
  ].join('\n')

it.each([
  ['the keys of serena_config.yml that are ours', HOME_SETTINGS.filter(({ isOurs }) => isOurs)],
  ['the keys of our own file', OWN_SETTINGS],
])('shows %s', (_, rows) => {
  expect(docs).toContain(tableOf(rows))
})
