// Sections whose open or collapsed state is kept by name.
import type { JSX } from 'solid-js'
import { Section, SubSection } from '../../ui/section.tsx'

export interface Folding {
  isOpen(name: string): boolean
  setOpen(name: string, isOpen: boolean): void
}

export function OverviewSection(props: {
  name: string
  folding: Folding
  /** Number of items, next to the title; null: not known. */
  count?: number | null
  children: JSX.Element
}): JSX.Element {
  return (
    <Section
      title={props.name}
      hint={props.count == null ? undefined : String(props.count)}
      isOpen={props.folding.isOpen(props.name)}
      onToggle={(isOpen) => props.folding.setOpen(props.name, isOpen)}
    >
      {props.children}
    </Section>
  )
}

export function OverviewSubSection(props: {
  name: string
  folding: Folding
  count: number
  children: JSX.Element
}): JSX.Element {
  return (
    <SubSection
      title={`${props.name} (${props.count})`}
      isOpen={props.folding.isOpen(props.name)}
      onToggle={(isOpen) => props.folding.setOpen(props.name, isOpen)}
    >
      {props.children}
    </SubSection>
  )
}
