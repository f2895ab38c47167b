// Renders a component with a page context for tests, without a backend.
import { createSignal, type JSX } from 'solid-js'
import { render } from 'solid-js/web'
import type { HubStatus } from '#contract/hub'
import type { Instance } from '#contract/instance'
import type { RouteName } from '#contract/routes'
import type { Usage } from '#contract/usage'
import type { Backend } from '../client/backend.ts'
import { CallError } from '../client/call-error.ts'
import { type PageContext, PageProvider, type ToastAction } from './page-context.ts'
import type { PageDialog } from './page-dialog.ts'

interface Call {
  name: RouteName
  params?: Readonly<Record<string, string>>
  query?: Readonly<Record<string, string>>
  body?: unknown
}

/** Answers by route; an Error rejects the call. A route without an answer is unreachable. */
export type Answers = Partial<Record<RouteName, (call: Call) => unknown>>

export interface TestPage {
  calls: Call[]
  announced: string[]
  /** The buttons of the messages. */
  actions: ToastAction[]
  copied: string[]
  saved: { fileName: string; text: string }[]
  opened: PageDialog[]
  selected: string[]
  /** The text of the page. */
  text(): string
  /** The button, link or input with this text or label; throws if there is none. */
  get<Type extends HTMLElement = HTMLElement>(name: string): Type
  click(name: string): void
  /** Types text into the field with this label. */
  type(label: string, text: string): void
  /** Waits until the page contains this text. */
  see(text: string): Promise<void>
  dispose(): void
}

// jsdom has no layout.
class NoObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
Object.assign(globalThis, {
  ResizeObserver: globalThis.ResizeObserver ?? NoObserver,
  IntersectionObserver: globalThis.IntersectionObserver ?? NoObserver,
})
Object.defineProperty(document.documentElement, 'clientWidth', { configurable: true, value: 1024 })
Element.prototype.scrollIntoView ??= () => undefined
Element.prototype.scrollTo ??= () => undefined

const CONTROLS = 'button, a, input, select, textarea, summary, [role=menuitem]'

export function renderPage(
  component: () => JSX.Element,
  {
    answers = {},
    instances = [],
    hub = null,
    usage,
  }: {
    answers?: Answers
    instances?: readonly Instance[]
    hub?: HubStatus | null
    usage?: Usage
  } = {},
): TestPage {
  const root = document.body.appendChild(document.createElement('div'))
  const log = {
    calls: [] as Call[],
    announced: [] as string[],
    actions: [] as ToastAction[],
    copied: [] as string[],
    saved: [] as { fileName: string; text: string }[],
    opened: [] as PageDialog[],
    selected: [] as string[],
  }
  const backend = backendOf(answers, log.calls)
  const context = {
    ...contextOf(backend, instances, log),
    hub: () => hub,
    usage: {
      all: () => usage,
      of: (id: string) => usage?.instances.find((one) => one.id === id),
    },
  }
  const stop = render(() => <PageProvider value={context}>{component()}</PageProvider>, root)
  return {
    ...log,
    text: () => document.body.textContent ?? '',
    get: controlNamed,
    click: (name) => controlNamed(name).click(),
    type(label, text) {
      const field = controlNamed<HTMLInputElement>(label)
      field.value = text
      field.dispatchEvent(new InputEvent('input', { bubbles: true }))
    },
    see: (text) => waitForText(text),
    dispose() {
      stop()
      root.remove()
    },
  }
}

/** Notes the calls. */
const backendOf = (answers: Answers, calls: Call[]): Backend => ({
  call(name, input) {
    const call = { name, ...input } as Call
    calls.push(call)
    const answer = answers[name]?.(call) ?? new CallError('offline', 'No answer in this test.', '')
    return (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)) as never
  },
  events: () => Promise.reject(new Error('no events in this test')),
})

function controlNamed<Type extends HTMLElement = HTMLElement>(name: string): Type {
  const found = [...document.body.querySelectorAll<Type>(CONTROLS)].find((one) => nameOf(one) === name)
  if (!found) throw new Error(`no control "${name}" in: ${document.body.textContent}`)
  return found
}

function contextOf(
  backend: Backend,
  instances: readonly Instance[],
  log: Pick<TestPage, 'announced' | 'copied' | 'saved' | 'opened' | 'selected' | 'actions'>,
): Omit<PageContext, 'hub' | 'usage'> {
  const [changes, setChanges] = createSignal(0)
  const announce = (sentence: string, action?: ToastAction): void => {
    log.announced.push(sentence)
    if (action) log.actions.push(action)
  }
  return {
    backend,
    connection: () => 'open',
    now: () => Date.parse('2026-11-23T12:00:00Z'),
    isVisible: () => true,
    hasNativeWindow: false,
    announce,
    copy: (text) => void log.copied.push(text),
    saveText(fileName, text) {
      log.saved.push({ fileName, text })
      return fileName
    },
    ending: () => undefined,
    instance: (id) => instances.find((one) => one.id === id),
    select: (id) => void log.selected.push(id),
    open: (dialog) => void log.opened.push(dialog),
    changes,
    changed(sentence, action) {
      setChanges((count) => count + 1)
      if (sentence !== null) announce(sentence, action)
    },
  }
}

function nameOf(element: HTMLElement): string {
  const label = element.getAttribute('aria-label') ?? labelText(element)
  return (label ?? element.textContent ?? '').trim()
}

/** Returns the text of the label, without the text of its explanation. */
function labelText(element: HTMLElement): string | null {
  const label =
    element.closest('label') ?? (element.id && document.querySelector(`label[for="${element.id}"]`))
  if (!label) return null
  return label.firstChild?.nodeType === Node.TEXT_NODE ? label.firstChild.textContent : label.textContent
}

async function waitForText(text: string): Promise<void> {
  const endMs = performance.now() + 3_000
  while (!document.body.textContent?.includes(text)) {
    if (performance.now() > endMs) throw new Error(`"${text}" not in: ${document.body.textContent}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
