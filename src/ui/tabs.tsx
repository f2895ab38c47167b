// Tabs by the headless library: roles, arrow keys and focus are its work, looks are ours.
import * as Kobalte from '@kobalte/core/tabs'
import { type JSX, splitProps } from 'solid-js'

interface TabsProps {
  value: string
  onChange: (value: string) => void
  orientation?: 'horizontal' | 'vertical'
  class: string
  /** The page's main part. */
  isMain?: boolean
  children: JSX.Element
}

export function Tabs(props: TabsProps): JSX.Element {
  const [own, rest] = splitProps(props, ['isMain'])
  return <Kobalte.Root as={own.isMain === true ? 'main' : 'div'} {...rest} />
}

export function TabList(props: {
  label: string
  class: string
  ref?: (element: HTMLElement) => void
  children: JSX.Element
}): JSX.Element {
  const [own, rest] = splitProps(props, ['label'])
  return <Kobalte.List aria-label={own.label} {...rest} />
}

/** `label`: what assistive technology reads instead of the content. */
export function Tab(props: {
  value: string
  class: string
  label?: string
  title?: string
  /** Where only some of the tabs are drawn: which one of how many it is, from 1. */
  place?: { at: number; of: number } | undefined
  /** Called when a person chooses this tab, by hand or by keyboard. */
  onChoose?: () => void
  children: JSX.Element
}): JSX.Element {
  const [own, rest] = splitProps(props, ['label', 'onChoose', 'place'])
  return (
    <Kobalte.Trigger
      aria-label={own.label}
      aria-posinset={own.place?.at}
      aria-setsize={own.place?.of}
      onClick={() => own.onChoose?.()}
      onFocus={() => own.onChoose?.()}
      {...rest}
    />
  )
}

export function TabPanel(props: { value: string; class: string; children: JSX.Element }): JSX.Element {
  return <Kobalte.Content {...props} />
}
