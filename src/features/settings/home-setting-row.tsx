// One key of a Serena home's `serena_config.yml`.
import { createUniqueId, type JSX, Match, Switch } from 'solid-js'
import type { HomeSetting, HomeValue } from '#contract/settings'
import { HOME_SETTINGS } from '#contract/settings-table'
import { NumberField } from './number-field.tsx'
import { SelectField, switchChoices, UNSET } from './select-field.tsx'
import { SettingRow } from './setting-row.tsx'
import {
  commandOf,
  DEFAULTS,
  INTERFACES,
  LABELS,
  minutesOf,
  portOf,
  REMARKS,
  sourceWords,
  valueWords,
} from './settings-words.ts'

export function HomeSettingRow(props: {
  setting: HomeSetting
  /** False: there is no file yet. */
  canChange: boolean
  /** Null removes the key from the file. */
  onChange: (value: HomeValue) => void
}): JSX.Element {
  const id = createUniqueId()
  const kind = () => HOME_SETTINGS.find(({ key }) => key === props.setting.key)?.kind
  /** Returns the value in the file itself. */
  const own = () => (props.setting.source === 'home' ? props.setting.value : null)
  const text = (): string => (own() === null ? UNSET : String(own()))
  const unsetText = () =>
    `Not set: ${props.setting.source === 'home' ? DEFAULTS[props.setting.key] : valueWords(props.setting)}`
  const detail = (): string => [props.setting.key, REMARKS[props.setting.key]].filter(Boolean).join(' · ')
  const field = () => ({ id, isDisabled: !props.canChange, placeholder: unsetText() })
  return (
    <SettingRow
      id={id}
      label={LABELS[props.setting.key]}
      detail={detail()}
      source={sourceWords(props.setting)}
    >
      <Switch>
        <Match when={kind() === 'switch'}>
          <SelectField
            {...field()}
            value={text()}
            choices={switchChoices(unsetText())}
            onChange={(value) => props.onChange(value === UNSET ? null : value === 'true')}
          />
        </Match>
        <Match when={kind() === 'interface'}>
          <SelectField
            {...field()}
            value={text()}
            choices={[[UNSET, unsetText()], ...Object.entries(INTERFACES)]}
            onChange={(value) => props.onChange(value === UNSET ? null : value)}
          />
        </Match>
        <Match when={kind() === 'port'}>
          <NumberField {...field()} text={text()} parse={portOf} onChange={props.onChange} />
        </Match>
        <Match when={kind() === 'command'}>
          <NumberField {...field()} text={text()} parse={commandOf} onChange={props.onChange} />
        </Match>
        <Match when={kind() === 'minutes'}>
          <NumberField
            {...field()}
            text={own() === '.inf' ? 'never' : text()}
            parse={minutesOf}
            onChange={props.onChange}
          />
        </Match>
      </Switch>
    </SettingRow>
  )
}
