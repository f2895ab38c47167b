// The state of one memory while it is edited. Unsaved text is kept until the user discards it.
import { type Accessor, createSignal, type Setter } from 'solid-js'
import { memoryNameProblem } from '#contract/memory-name'
import { visibleLine } from '#contract/visible-text'
import { CallError } from '../../client/call-error.ts'
import { type Action, createAction } from '../../state/action.ts'
import { type PageContext, usePage } from '../../state/page-context.ts'
import { undoOf } from '../../state/undo.ts'

export interface MemoryDraft {
  name: string
  text: string
}

interface SavedMemory {
  name: string
  content: string
}

export interface MemoryState {
  action: Action
  name: Accessor<string>
  setName: Setter<string>
  text: Accessor<string>
  setText: Setter<string>
  /** Name and content on the instance; null: not saved yet. */
  saved: Accessor<SavedMemory | null>
  isLoaded: Accessor<boolean>
  /** True if the text has unsaved changes. */
  isDirty: Accessor<boolean>
  hasChanges: Accessor<boolean>
  nameProblem: Accessor<string | null>
  canSave: Accessor<boolean>
  load(onLoaded: () => void): void
  save(): void
  remove(onRemoved: () => void): void
}

/** The name and text as typed, and how they differ from the saved ones. */
function createDraft(initialName: string | null) {
  const [name, setName] = createSignal(initialName ?? '')
  const [text, setText] = createSignal('')
  const [saved, setSaved] = createSignal<SavedMemory | null>(null)
  const isLoaded = (): boolean => initialName === null || saved() !== null
  const isDirty = (): boolean => isLoaded() && text() !== (saved()?.content ?? '')
  const isRenamed = (): boolean => saved() !== null && name() !== saved()?.name
  const nameProblem = (): string | null => (name() === '' ? null : memoryNameProblem(name()))
  return { name, setName, text, setText, saved, setSaved, isLoaded, isDirty, isRenamed, nameProblem }
}

/** The requests that change a memory. */
function makeMemoryCalls({
  page,
  params,
  name,
  text,
  saved,
  setSaved,
}: {
  page: PageContext
  params: { id: string }
  name: Accessor<string>
  text: Accessor<string>
  saved: Accessor<SavedMemory | null>
  setSaved: Setter<SavedMemory | null>
}) {
  async function rename(before: SavedMemory): Promise<void> {
    await page.backend.call('renameMemory', { params, body: { from: before.name, to: name() } })
    setSaved({ name: name(), content: before.content })
  }
  async function write(): Promise<void> {
    const content = text()
    const body = { name: name(), content, basedOn: saved()?.content ?? null }
    const readBack = await page.backend.call('saveMemory', { params, body })
    setSaved(readBack)
    if (readBack.content !== content)
      throw new CallError(
        'read-back',
        'The memory on the instance differs from the saved text.',
        'Your text is kept. Check the memory before you save again.',
      )
  }
  async function remove({ name: deleted, content }: SavedMemory): Promise<void> {
    const undo = (): Promise<unknown> =>
      page.backend.call('saveMemory', { params, body: { name: deleted, content, basedOn: null } })
    await page.backend.call('deleteMemory', { params, body: { name: deleted } })
    page.changed(`Deleted ${visibleLine(deleted)}.`, undoOf(page, undo))
  }
  return { rename, write, remove }
}

/** `initialName` null: a new memory. */
export function createMemory(
  instanceId: string,
  initialName: string | null,
  /** What was typed before and discarded. */
  draftBefore?: MemoryDraft,
): MemoryState {
  const page = usePage()
  const action = createAction()
  const params = { id: instanceId }
  const { setSaved, isRenamed, ...draft } = createDraft(initialName)
  const { name, setName, text, setText, saved, isLoaded, isDirty, nameProblem } = draft
  const restore = (): void => {
    if (!draftBefore) return
    setName(draftBefore.name)
    setText(draftBefore.text)
  }
  if (initialName === null) restore()

  const { rename, write, remove } = makeMemoryCalls({ page, params, name, text, saved, setSaved })
  return {
    ...draft,
    action,
    hasChanges: () => isDirty() || isRenamed(),
    canSave: () =>
      !action.isBusy() &&
      isLoaded() &&
      name() !== '' &&
      nameProblem() === null &&
      (saved() === null || isDirty() || isRenamed()),
    load(onLoaded) {
      if (initialName === null) return
      void action.run(async () => {
        const memory = await page.backend.call('memory', { params, query: { name: initialName } })
        setSaved(memory)
        setText(memory.content)
        restore()
        onLoaded()
      })
    },
    save() {
      void action.run(async () => {
        const before = saved()
        if (before !== null && isRenamed()) await rename(before)
        if (before === null || isDirty()) await write()
        page.changed(`Saved ${visibleLine(name())}.`)
      })
    },
    remove(onRemoved) {
      void action.run(async () => {
        const before = saved()
        if (before !== null) await remove(before)
        onRemoved()
      })
    },
  }
}
