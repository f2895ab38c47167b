// One finding: what is wrong, where, why it matters, and what can be done.
import { createSignal, For, type JSX, Show } from 'solid-js'
import type { Finding } from '#contract/doctor'
import { visibleLine } from '#contract/visible-text'
import type { HealthStore } from '../../state/health-store.ts'
import { usePage } from '../../state/page-context.ts'
import { undoOf } from '../../state/undo.ts'
import { placeOf, SEVERITIES } from './health-words.ts'
import './health.css'

export function FindingRow(props: { finding: Finding; store: HealthStore }): JSX.Element {
  const page = usePage()
  const severity = () => SEVERITIES.find(({ severity }) => severity === props.finding.severity)
  const name = (): string => visibleLine(props.finding.title)
  const fix = (): void =>
    page.open({
      kind: 'fix',
      title: 'Fix the problem',
      ids: [props.finding.id],
      onDone: () => void props.store.refresh(),
    })
  return (
    <li class="finding">
      <span class={`finding__mark tone--${severity()?.tone}`} aria-hidden="true">
        {severity()?.mark}
      </span>
      <div class="finding__text">
        <p class="finding__title">
          <span class="visually-hidden">{props.finding.severity}: </span>
          {name()}
        </p>
        <Show when={placeOf(props.finding)}>
          {(place) => (
            <p class="finding__place mono muted" title={visibleLine(props.finding.file ?? '')}>
              {visibleLine(place())}
            </p>
          )}
        </Show>
        <p class="finding__why">{visibleLine(props.finding.why)}</p>
        <Show when={props.finding.fix}>
          {(text) => (
            <p class="finding__fix">
              <strong>Fix:</strong> {visibleLine(text())}
            </p>
          )}
        </Show>
        <Show when={props.finding.evidence.length > 0}>
          <details class="finding__evidence">
            <summary>Evidence</summary>
            <ul>
              <For each={props.finding.evidence}>{(line) => <li class="mono">{visibleLine(line)}</li>}</For>
            </ul>
          </details>
        </Show>
      </div>
      <div class="finding__tools">
        <Show when={props.finding.fix !== null}>
          <button type="button" class="button button--small" aria-label={`Fix: ${name()}`} onClick={fix}>
            Fix …
          </button>
        </Show>
        <Ignore finding={props.finding} store={props.store} />
      </div>
    </li>
  )
}

/** Asks for the reason in place: a dialog would hide the finding. */
function Ignore(props: { finding: Finding; store: HealthStore }): JSX.Element {
  const page = usePage()
  const [isAsking, setIsAsking] = createSignal(false)
  const [reason, setReason] = createSignal('')
  const ignore = async (): Promise<void> => {
    const body = { id: props.finding.id, reason: reason().trim() }
    try {
      await page.backend.call('ignoreFinding', { body })
      const { refresh } = props.store
      const undo = async (): Promise<void> => {
        await page.backend.call('ignoreFinding', { body: { id: body.id, reason: null } })
        await refresh()
      }
      page.changed('The problem is ignored.', undoOf(page, undo))
      await refresh()
    } catch {
      page.announce('Cannot ignore the problem.')
    }
  }
  return (
    <Show
      when={isAsking()}
      fallback={
        <button
          type="button"
          class="button button--small button--quiet"
          aria-label={`Ignore: ${visibleLine(props.finding.title)}`}
          onClick={() => setIsAsking(true)}
        >
          Ignore …
        </button>
      }
    >
      <form
        class="finding__ignore"
        onSubmit={(event) => {
          event.preventDefault()
          void ignore()
        }}
      >
        <input
          class="input"
          aria-label="Reason to ignore the problem"
          placeholder="Reason"
          maxLength={200}
          value={reason()}
          ref={(element) => setTimeout(() => element.focus())}
          onInput={(event) => setReason(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setIsAsking(false)
          }}
        />
        <button type="submit" class="button button--small" disabled={reason().trim() === ''}>
          Ignore
        </button>
      </form>
    </Show>
  )
}
