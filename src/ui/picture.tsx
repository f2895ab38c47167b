// A picture with its title, its data as a table, and buttons that copy both.
import { createSignal, createUniqueId, For, type JSX, Show } from 'solid-js'
import './picture.css'

/** The first row has the names of the columns. */
export type PictureRows = readonly (readonly string[])[]

export interface PictureCopies {
  /** Copies the SVG as PNG; `name`: for the message. */
  png(svg: SVGSVGElement, name: string): void
  csv(rows: PictureRows, name: string): void
}

export function Picture(props: {
  title: string
  /** What the picture shows, in a sentence or two: the text alternative. */
  summary: string
  /** The same data as text. */
  rows: () => PictureRows
  copies: PictureCopies
  /** Shown as the table instead of `rows`. */
  table?: JSX.Element
  /** Before the buttons. */
  tools?: JSX.Element
  class?: string
  children: JSX.Element
}): JSX.Element {
  let figure!: HTMLElement
  const id = createUniqueId()
  const [isTable, setIsTable] = createSignal(false)
  const copyPng = (): void => {
    const svg = figure.querySelector<SVGSVGElement>('svg[data-picture]')
    if (svg) props.copies.png(svg, props.title)
  }
  return (
    <figure class={`picture ${props.class ?? ''}`} aria-labelledby={id} ref={(element) => (figure = element)}>
      <figcaption class="picture__head">
        <span class="picture__title" id={id}>
          {props.title}
        </span>
        <span class="picture__summary muted">{props.summary}</span>
        <span class="picture__tools">
          {props.tools}
          <Buttons
            title={props.title}
            isTable={isTable()}
            onTable={() => setIsTable((is) => !is)}
            onPng={copyPng}
            onCsv={() => props.copies.csv(props.rows(), props.title)}
          />
        </span>
      </figcaption>
      <Show when={isTable()} fallback={props.children}>
        <TableRegion label={props.title}>{props.table ?? <RowTable rows={props.rows()} />}</TableRegion>
      </Show>
    </figure>
  )
}

function Buttons(props: {
  title: string
  isTable: boolean
  onTable: () => void
  onPng: () => void
  onCsv: () => void
}): JSX.Element {
  return (
    <>
      <button
        type="button"
        class="button button--small button--quiet"
        aria-pressed={props.isTable}
        onClick={() => props.onTable()}
      >
        Table
      </button>
      <button
        type="button"
        class="button button--small button--quiet"
        aria-label={`Copy ${props.title} as PNG`}
        disabled={props.isTable}
        onClick={() => props.onPng()}
      >
        PNG
      </button>
      <button
        type="button"
        class="button button--small button--quiet"
        aria-label={`Copy ${props.title} as CSV`}
        onClick={() => props.onCsv()}
      >
        CSV
      </button>
    </>
  )
}

function TableRegion(props: { label: string; children: JSX.Element }): JSX.Element {
  return (
    <div class="picture__scroll" tabIndex={0} role="region" aria-label={`${props.label}, as a table`}>
      {props.children}
    </div>
  )
}

function RowTable(props: { rows: PictureRows }): JSX.Element {
  return (
    <table class="picture__table">
      <thead>
        <tr>
          <For each={props.rows[0] ?? []}>{(name) => <th scope="col">{name}</th>}</For>
        </tr>
      </thead>
      <tbody>
        <For each={props.rows.slice(1)}>
          {(cells) => (
            <tr>
              <For each={cells}>
                {(text, at) => (
                  <Show when={at() === 0} fallback={<td>{text}</td>}>
                    <th scope="row">{text}</th>
                  </Show>
                )}
              </For>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  )
}
