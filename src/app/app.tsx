// The page: header, notes, tabs, and dialogs above them.
import { type JSX, Show, untrack } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { LockedView } from '../features/instances/locked-view.tsx'
import { ZombieBar } from '../features/zombies/zombie-bar.tsx'
import { PageProvider } from '../state/page-context.ts'
import { Announcement } from './announcement.tsx'
import { createContextMenu } from './context-menu.tsx'
import { createPageModel, type PageInput, type PageModel } from './create-page-model.ts'
import { FilterNote } from './filter-note.tsx'
import { PageHeader } from './page-header.tsx'
import { PageNotes } from './page-notes.tsx'
import { PageTabs } from './page-tabs.tsx'
import './app.css'

export function App(props: PageInput): JSX.Element {
  // The input does not change while the page is open.
  const model = createPageModel(untrack(() => ({ ...props })))
  const { deck, dialogs, announcer } = model
  return (
    <PageProvider value={model.context}>
      <Show
        when={!model.isLocked()}
        fallback={
          <LockedView
            reason={deck.connection() === 'other-version' ? 'other-version' : 'no-token'}
            isInert={dialogs.dialog() !== null}
          />
        }
      >
        <Page model={model} />
      </Show>
      <Announcement announcer={announcer} />
      <Show when={dialogs.part()}>
        {(part) => (
          <Dynamic component={part().PageDialogs} dialog={dialogs.dialog()} onClose={dialogs.close} />
        )}
      </Show>
    </PageProvider>
  )
}

function Page(props: { model: PageModel }): JSX.Element {
  const contextMenu = createContextMenu(untrack(() => props.model))
  const isStale = (): boolean => props.model.deck.lostAtMs() !== null || props.model.deck.isCached()
  return (
    <div
      class="app"
      ref={(element) => props.model.dialogs.keepFocus(element)}
      inert={props.model.dialogs.dialog() !== null}
      classList={{ 'app--stale': isStale() }}
      onContextMenu={(event) => contextMenu.onContextMenu(event)}
    >
      <PageHeader model={props.model} />
      <ZombieBar instances={props.model.deck.state.instances} />
      <PageNotes deck={props.model.deck} />
      <FilterNote model={props.model} />
      <PageTabs model={props.model} />
      {contextMenu.view()}
    </div>
  )
}
