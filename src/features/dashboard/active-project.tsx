// The active project of an instance: name, trust, folder.
import { type JSX, Show } from 'solid-js'
import type { Overview } from '#contract/details'
import { visibleLine } from '#contract/visible-text'
import { shortPath } from '../../state/short-path.ts'
import { CopyText } from './copy-text.tsx'
import { GUIDE_URL, OutsideLink } from './outside-link.tsx'

export function ActiveProject(props: { project: Overview['project'] }): JSX.Element {
  return (
    <Show when={props.project} fallback="none">
      {(project) => (
        <>
          <strong title={settingsFile(project().path)}>{visibleLine(project().name)}</strong>
          <Show when={project().isTrusted !== null}>
            <span class="flag">{project().isTrusted === true ? 'trusted' : 'not trusted'}</span>
          </Show>
          <Show when={project().path}>
            {(path) => (
              <div>
                <CopyText text={path()} label={shortPath(path())} name="the project folder" />
              </div>
            )}
          </Show>
          <Show when={project().isTrusted === false}>
            <p class="muted">
              Serena ignores some settings of this project and does not follow its symbolic links.{' '}
              <OutsideLink href={`${GUIDE_URL}#trusted-projects`}>About trusted projects</OutsideLink>
            </p>
          </Show>
        </>
      )}
    </Show>
  )
}

const settingsFile = (path: string | null): string | undefined =>
  path === null ? undefined : `Settings file: ${visibleLine(path)}/.serena/project.yml`
