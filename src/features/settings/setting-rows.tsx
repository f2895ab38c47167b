// One setting a row: what it means, its value to be changed, and the place the value comes from.
import { createUniqueId, For, type JSX, Match, Show, Switch } from 'solid-js'
import {
  HOME_KEYS,
  type HomeSetting,
  type HomeValue,
  type OwnSettings,
  type SettingsView,
} from '#contract/settings'
import {
  DEFAULTS,
  INTERFACES,
  LABELS,
  minutesOf,
  PUSH_WORDS,
  sourceWords,
  valueWords,
  WHEN,
} from './settings-words.ts'

const UNSET = ''

function Row(props: {
  id: string
  label: string
  detail: string | null
  source: string
  children: JSX.Element
}): JSX.Element {
  return (
    <li class="setting">
      <label class="setting__label" for={props.id}>
        {props.label}
        <Show when={props.detail}>{(detail) => <span class="setting__detail">{detail()}</span>}</Show>
      </label>
      <div class="setting__value">{props.children}</div>
      <span class="setting__source" title="Where this value comes from">
        {props.source}
      </span>
    </li>
  )
}

/** One key of a home's `serena_config.yml`. */
export function HomeSettingRow(props: {
  setting: HomeSetting
  /** False: there is no file to write into. */
  canChange: boolean
  /** Null takes the key out of the file. */
  onChange: (value: HomeValue) => void
}): JSX.Element {
  const id = createUniqueId()
  const kind = () => HOME_KEYS.find(({ key }) => key === props.setting.key)?.kind
  /** What the file itself says. */
  const own = () => (props.setting.source === 'home' ? props.setting.value : null)
  const unsetWords = () =>
    `Not set: ${props.setting.source === 'home' ? DEFAULTS[props.setting.key] : valueWords(props.setting)}`
  const detail = (): string => [props.setting.key, WHEN[props.setting.key]].filter(Boolean).join(' · ')
  return (
    <Row id={id} label={LABELS[props.setting.key]} detail={detail()} source={sourceWords(props.setting)}>
      <Switch>
        <Match when={kind() === 'switch'}>
          <Choice
            id={id}
            value={own() === null ? UNSET : String(own())}
            choices={[
              [UNSET, unsetWords()],
              ['true', 'Yes'],
              ['false', 'No'],
            ]}
            isDisabled={!props.canChange}
            onChange={(value) => props.onChange(value === UNSET ? null : value === 'true')}
          />
        </Match>
        <Match when={kind() === 'interface'}>
          <Choice
            id={id}
            value={own() === null ? UNSET : String(own())}
            choices={[[UNSET, unsetWords()], ...Object.entries(INTERFACES)]}
            isDisabled={!props.canChange}
            onChange={(value) => props.onChange(value === UNSET ? null : value)}
          />
        </Match>
        <Match when={kind() === 'port'}>
          <NumberField
            id={id}
            text={own() === null ? '' : String(own())}
            placeholder={unsetWords()}
            isDisabled={!props.canChange}
            read={portOf}
            onChange={props.onChange}
          />
        </Match>
        <Match when={kind() === 'minutes'}>
          <NumberField
            id={id}
            text={own() === null ? '' : own() === '.inf' ? 'never' : String(own())}
            placeholder={unsetWords()}
            isDisabled={!props.canChange}
            read={minutesOf}
            onChange={props.onChange}
          />
        </Match>
      </Switch>
    </Row>
  )
}

/** Our own settings, written at once. */
export function OwnSettingRows(props: {
  view: SettingsView
  onChange: (change: Partial<OwnSettings>) => void
}): JSX.Element {
  const portId = createUniqueId()
  return (
    <ul>
      <OwnSwitch
        label="Take the place of Serena's tray icon"
        detail={`Serenas with the tray interface then tell us at once that they start, change their project, end; Serena's own tray icon does not come up. Automatic: while serena_config.yml says to use the global dashboard. ${PUSH_WORDS[props.view.push.state]}`}
        unset="automatic"
        value={props.view.own.receivePush}
        onChange={(receivePush) => props.onChange({ receivePush })}
      />
      <OwnSwitch
        label="Open Serena Deck when an instance starts, once"
        detail="For Serenas that use the global dashboard, where serena_config.yml does not set this"
        unset="no"
        value={props.view.own.openOnLaunch}
        onChange={(openOnLaunch) => props.onChange({ openOnLaunch })}
      />
      <OwnSwitch
        label="Publish the instances in instances.json"
        detail="For programs that read the shared registry; never while another program writes that file"
        unset="yes"
        value={props.view.own.publishRegistry}
        onChange={(publishRegistry) => props.onChange({ publishRegistry })}
      />
      <OwnSwitch
        label="Keep watching when the window is closed"
        detail="History, pruning and what Serenas tell go on without a window, until it is switched off; opening Serena Deck shows it again"
        unset="no"
        value={props.view.own.keepsWatching}
        onChange={(keepsWatching) => props.onChange({ keepsWatching })}
      />
      <Row
        id={portId}
        label="Port of the page"
        detail="Where serena_config.yml sets none; after the next start of Serena Deck"
        source={ownSource(props.view.own.port)}
      >
        <NumberField
          id={portId}
          text={props.view.own.port === null ? '' : String(props.view.own.port)}
          placeholder="Not set: 25282"
          read={portOf}
          onChange={(value) => props.onChange({ port: typeof value === 'number' ? value : null })}
        />
      </Row>
    </ul>
  )
}

const ownSource = (value: boolean | number | null): string =>
  value === null ? 'default' : "Serena Deck's settings"

function OwnSwitch(props: {
  label: string
  detail: string
  /** What counts while it is not set. */
  unset: string
  value: boolean | null
  onChange: (value: boolean | null) => void
}): JSX.Element {
  const id = createUniqueId()
  return (
    <Row id={id} label={props.label} detail={props.detail} source={ownSource(props.value)}>
      <Choice
        id={id}
        value={props.value === null ? UNSET : String(props.value)}
        choices={[
          [UNSET, `Not set: ${props.unset}`],
          ['true', 'Yes'],
          ['false', 'No'],
        ]}
        onChange={(value) => props.onChange(value === UNSET ? null : value === 'true')}
      />
    </Row>
  )
}

function Choice(props: {
  id: string
  value: string
  choices: readonly (readonly [value: string, words: string])[]
  isDisabled?: boolean
  onChange: (value: string) => void
}): JSX.Element {
  return (
    <select
      id={props.id}
      class="input"
      disabled={props.isDisabled}
      onChange={(event) => {
        const { value } = event.currentTarget
        // It shows what is in the file until that has changed.
        event.currentTarget.value = props.value
        props.onChange(value)
      }}
    >
      <For each={props.choices}>
        {([value, words]) => (
          <option value={value} selected={value === props.value}>
            {words}
          </option>
        )}
      </For>
      <Show when={!props.choices.some(([value]) => value === props.value)}>
        <option value={props.value} selected>
          {props.value}
        </option>
      </Show>
    </select>
  )
}

function NumberField(props: {
  id: string
  text: string
  placeholder: string
  isDisabled?: boolean
  /** Null: what was typed means nothing. */
  read: (text: string) => number | '.inf' | 'unset' | null
  onChange: (value: HomeValue) => void
}): JSX.Element {
  return (
    <input
      id={props.id}
      class="input"
      type="text"
      inputmode="decimal"
      autocomplete="off"
      spellcheck={false}
      disabled={props.isDisabled}
      value={props.text}
      placeholder={props.placeholder}
      title={props.placeholder}
      onInput={(event) => event.currentTarget.setCustomValidity('')}
      onChange={(event) => {
        const field = event.currentTarget
        const value = props.read(field.value)
        if (value === null) {
          field.setCustomValidity('That number cannot be used here.')
          field.reportValidity()
          return
        }
        field.value = props.text
        props.onChange(value === 'unset' ? null : value)
      }}
    />
  )
}

function portOf(text: string): number | 'unset' | null {
  if (text.trim() === '') return 'unset'
  const port = Number(text)
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null
}
