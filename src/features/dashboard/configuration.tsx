// Current Configuration of an instance, as its dashboard reports it.
import { type JSX, Show } from 'solid-js'
import type { Overview } from '#contract/details'
import type { Instance } from '#contract/instance'
import { usePage } from '../../state/page-context.ts'
import { ConfigurationFacts } from './configuration-facts.tsx'
import { enabledOf, Functions } from './functions.tsx'
import { NameList } from './name-list.tsx'
import { GUIDE_URL, OutsideLink } from './outside-link.tsx'
import { type Folding, OverviewSubSection } from './overview-section.tsx'
import './configuration.css'

export function Configuration(props: {
  instance: Instance
  overview: Overview
  folding: Folding
}): JSX.Element {
  const page = usePage()
  const edit = (): void =>
    page.open({
      kind: 'configuration',
      instanceId: props.instance.id,
      instanceTitle: props.instance.title,
    })
  return (
    <div class="configuration">
      <ConfigurationFacts overview={props.overview} instance={props.instance} />
      <OverviewSubSection
        name="Active Tools"
        folding={props.folding}
        count={props.overview.activeTools.length}
      >
        <NameList
          names={props.overview.activeTools}
          empty="No tools are active."
          filterLabel="Filter active tools"
        />
      </OverviewSubSection>
      <Show when={props.overview.facades}>
        {(facades) => (
          <OverviewSubSection name="Active Functions" folding={props.folding} count={enabledOf(facades())}>
            <Functions facades={facades()} />
          </OverviewSubSection>
        )}
      </Show>
      <div class="configuration__more">
        <button type="button" class="button" onClick={edit}>
          Edit Serena's configuration …
        </button>
        <OutsideLink href={GUIDE_URL}>Configuration guide</OutsideLink>
      </div>
    </div>
  )
}
