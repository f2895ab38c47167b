// Whether Serena opens its own dashboard in the browser on each start: a question while it is not configured, then a checkbox.
import type { JSX } from 'solid-js'
import type { Instance } from '#contract/instance'
import { type Action, createAction } from '../../state/action.ts'
import { usePage } from '../../state/page-context.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import './news.css'

function createSetting(instance: () => Instance): { action: Action; set: (isOn: boolean) => void } {
  const page = usePage()
  const action = createAction()
  const set = (isOn: boolean): void => {
    const params = { id: instance().id }
    void action.run(async () => {
      await page.backend.call('setOpensOnLaunch', { params, body: { isOn } })
      page.changed(
        isOn ? 'Serena opens its dashboard on each start.' : 'Serena no longer opens its dashboard on start.',
      )
    })
  }
  return { action, set }
}

/** The question, above the sections. */
export function OpenOnLaunchQuestion(props: { instance: Instance }): JSX.Element {
  const { action, set } = createSetting(() => props.instance)
  return (
    <section class="news" aria-label="Open on start">
      <div class="news__item">
        <p class="news__text">
          Serena opens its own dashboard in the browser on each start, because this is not configured yet.
          Serena Deck shows the same data.
        </p>
        <button type="button" class="button" disabled={action.isBusy()} onClick={() => set(false)}>
          Do not open it
        </button>
        <button type="button" class="button" disabled={action.isBusy()} onClick={() => set(true)}>
          Open it on each start
        </button>
      </div>
      <ErrorNote error={action.error()} />
    </section>
  )
}

export function OpenOnLaunch(props: { instance: Instance; isOn: boolean }): JSX.Element {
  const { action, set } = createSetting(() => props.instance)
  return (
    <>
      <label class="checked">
        <input
          type="checkbox"
          checked={props.isOn}
          disabled={action.isBusy()}
          onChange={(event) => set(event.currentTarget.checked)}
        />
        Open the dashboard in the browser on start
      </label>
      <p class="muted">
        Set in serena_config.yml for all instances. <code class="mono">--open-web-dashboard</code> in the
        start command overrides it.
      </p>
      <ErrorNote error={action.error()} />
    </>
  )
}
