// Links to Serena's documentation and releases. No request is sent before a click.
import type { JSX } from 'solid-js'

export const RELEASES_URL = 'https://github.com/oraios/serena/releases'
export const GUIDE_URL = 'https://oraios.github.io/serena/02-usage/050_configuration.html'

export function OutsideLink(props: { href: string; children: JSX.Element }): JSX.Element {
  return (
    <a href={props.href} target="_blank" rel="noopener noreferrer">
      {props.children}
    </a>
  )
}
