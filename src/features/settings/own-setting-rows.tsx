// The settings of Serena Deck, each saved when it is changed.
import { createUniqueId, For, type JSX } from 'solid-js'
import type { OwnSettings, SettingsView } from '#contract/settings'
import { NumberField } from './number-field.tsx'
import { SelectField, switchChoices, UNSET } from './select-field.tsx'
import { SettingRow } from './setting-row.tsx'
import { OWN_SWITCHES, type OwnSwitch, PUSH_WORDS, portOf } from './settings-words.ts'

export function OwnSettingRows(props: {
  view: SettingsView
  onChange: (change: Partial<OwnSettings>) => void
}): JSX.Element {
  const portId = createUniqueId()
  const detailOf = ({ key, detail }: OwnSwitch): string =>
    key === 'receivePush' ? `${detail} ${PUSH_WORDS[props.view.push.state]}` : detail
  return (
    <ul>
      <For each={OWN_SWITCHES}>
        {(setting) => (
          <SwitchRow
            label={setting.label}
            detail={detailOf(setting)}
            unset={setting.unset}
            value={props.view.own[setting.key]}
            onChange={(value) => props.onChange({ [setting.key]: value })}
          />
        )}
      </For>
      <SettingRow
        id={portId}
        label="Port of the page"
        detail="Used if serena_config.yml does not set a port; applies after a restart of Serena Deck"
        source={ownSource(props.view.own.port)}
      >
        <NumberField
          id={portId}
          text={props.view.own.port === null ? '' : String(props.view.own.port)}
          placeholder="Not set: 25282"
          parse={portOf}
          onChange={(value) => props.onChange({ port: typeof value === 'number' ? value : null })}
        />
      </SettingRow>
    </ul>
  )
}

const ownSource = (value: boolean | number | null): string =>
  value === null ? 'default' : 'Serena Deck settings'

function SwitchRow(props: {
  label: string
  detail: string
  /** The effective value while the setting is not set. */
  unset: string
  value: boolean | null
  onChange: (value: boolean | null) => void
}): JSX.Element {
  const id = createUniqueId()
  return (
    <SettingRow id={id} label={props.label} detail={props.detail} source={ownSource(props.value)}>
      <SelectField
        id={id}
        value={props.value === null ? UNSET : String(props.value)}
        choices={switchChoices(`Not set: ${props.unset}`)}
        onChange={(value) => props.onChange(value === UNSET ? null : value === 'true')}
      />
    </SettingRow>
  )
}
