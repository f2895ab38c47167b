// The Health view: everything that the doctor has found, by severity, and what was read.
import { createSignal, For, type JSX, onMount, Show } from 'solid-js'
import type { Finding } from '#contract/doctor'
import type { Health } from '#contract/health'
import { countOf } from '#contract/units'
import { visibleLine } from '#contract/visible-text'
import { createAction } from '../../state/action.ts'
import type { HealthStore } from '../../state/health-store.ts'
import { usePage } from '../../state/page-context.ts'
import { ago } from '../../state/relative-time.ts'
import { shortPath } from '../../state/short-path.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { Section } from '../../ui/section.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { FindingRow } from './finding-row.tsx'
import { SEVERITIES } from './health-words.ts'
import './health.css'

export function HealthView(props: { store: HealthStore }): JSX.Element {
  onMount(() => props.store.show())
  return (
    <div class="health">
      <ErrorNote error={props.store.error()} />
      <Show
        when={props.store.health()}
        fallback={
          <Show when={!props.store.error()}>
            <p class="muted">Reading the configurations of all clients …</p>
            <Skeleton rows={5} rowPx={44} />
          </Show>
        }
      >
        {(health) => (
          <>
            <Head health={health()} store={props.store} />
            <For each={SEVERITIES}>
              {({ severity, title }) => (
                <Findings
                  title={title}
                  findings={health().report.findings.filter((one) => one.severity === severity)}
                  store={props.store}
                />
              )}
            </For>
            <Show when={health().ignored.length > 0}>
              <Ignored health={health()} store={props.store} />
            </Show>
            <WasRead health={health()} />
          </>
        )}
      </Show>
    </div>
  )
}

function Head(props: { health: Health; store: HealthStore }): JSX.Element {
  const page = usePage()
  const undoing = createAction()
  const fixable = (): Finding[] => props.health.report.findings.filter(({ fix }) => fix !== null)
  const undo = (): void =>
    void undoing.run(async () => {
      const { restored, refused } = await page.backend.call('undoFix', { body: {} })
      const failed = refused.map(({ file, why }) => `${shortPath(file)}: ${why}`)
      page.changed([`Restored ${countOf(restored.length, 'file')}.`, ...failed].join(' '))
      await props.store.refresh()
    })
  const fixAll = (): void =>
    page.open({
      kind: 'fix',
      title: `Fix ${countOf(fixable().length, 'problem')}`,
      ids: fixable().map(({ id }) => id),
      onDone: () => void props.store.refresh(),
    })
  return (
    <div class="health__head">
      <h2 class="health__title">
        {props.health.report.findings.length === 0
          ? 'No problems found.'
          : countOf(props.health.report.findings.length, 'finding')}
      </h2>
      <span class="muted">Read {ago(props.health.readAt, page.now())}</span>
      <div class="health__tools">
        <Show when={fixable().length > 1}>
          <button type="button" class="button button--primary" onClick={fixAll}>
            Fix {fixable().length} …
          </button>
        </Show>
        <Show when={props.health.undo}>
          {(last) => (
            <button
              type="button"
              class="button"
              title={last().files.map(shortPath).join(', ')}
              disabled={undoing.isBusy()}
              onClick={undo}
            >
              Undo the last fix
            </button>
          )}
        </Show>
        <button
          type="button"
          class="button"
          disabled={props.store.isReading()}
          onClick={() => void props.store.refresh()}
        >
          {props.store.isReading() ? 'Reading …' : 'Read again'}
        </button>
      </div>
      <ErrorNote error={undoing.error()} />
    </div>
  )
}

function Findings(props: { title: string; findings: readonly Finding[]; store: HealthStore }): JSX.Element {
  return (
    <Show when={props.findings.length > 0}>
      <h3 class="health__group">
        {props.title} <span class="muted">{props.findings.length}</span>
      </h3>
      <ul class="health__list" aria-label={props.title}>
        <For each={props.findings}>{(finding) => <FindingRow finding={finding} store={props.store} />}</For>
      </ul>
    </Show>
  )
}

function Ignored(props: { health: Health; store: HealthStore }): JSX.Element {
  const page = usePage()
  const [isOpen, setIsOpen] = createSignal(false)
  const showing = createAction()
  const show = (id: string): void =>
    void showing.run(async () => {
      await page.backend.call('ignoreFinding', { body: { id, reason: null } })
      page.changed('The problem is shown again.')
      await props.store.refresh()
    })
  return (
    <Section
      title="Ignored"
      hint={String(props.health.ignored.length)}
      isOpen={isOpen()}
      onToggle={setIsOpen}
    >
      <ErrorNote error={showing.error()} />
      <ul class="health__ignored">
        <For each={props.health.ignored}>
          {({ id, title, reason }) => (
            <li>
              <span>
                {visibleLine(title)} <span class="muted">{visibleLine(reason)}</span>
              </span>
              <button
                type="button"
                class="button button--small"
                aria-label={`Show again: ${visibleLine(title)}`}
                onClick={() => show(id)}
              >
                Show again
              </button>
            </li>
          )}
        </For>
      </ul>
    </Section>
  )
}

function WasRead(props: { health: Health }): JSX.Element {
  const [isOpen, setIsOpen] = createSignal(false)
  return (
    <Section
      title="What was read"
      hint={`${countOf(props.health.files.length, 'file')}, ${countOf(props.health.report.entries.length, 'entry', 'entries')} of Serena`}
      isOpen={isOpen()}
      onToggle={setIsOpen}
    >
      <ul class="health__files">
        <For each={props.health.files}>{(file) => <li class="mono">{shortPath(visibleLine(file))}</li>}</For>
      </ul>
    </Section>
  )
}
