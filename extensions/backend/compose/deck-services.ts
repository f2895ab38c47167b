// What a deck offers to those who use it, such as the HTTP routes.
import type { DashboardChanges, DashboardService } from '../dashboards/dashboard-service.ts'
import type { HealthService } from '../doctor/health-service.ts'
import type { ShareService } from '../doctor/share-service.ts'
import type { EndingService } from '../ending/ending.ts'
import type { HistoryService } from '../history/history.ts'
import type { UsageService } from '../history/usage-service.ts'
import type { HubService } from '../hub/hub-service.ts'
import type { InstanceService } from '../instances/instance-service.ts'
import type { LaunchTexts } from '../instances/launch-texts.ts'
import type { PlaceService } from '../instances/places.ts'
import type { EditorService } from '../jump/folder-editors.ts'
import type { JumpService } from '../jump/jump.ts'
import type { RegistryService } from '../registry/registry-service.ts'
import type { LabelService } from '../settings/label-service.ts'
import type { SettingsService } from '../settings/settings-service.ts'

export interface DeckServices {
  instances: InstanceService
  dashboards: DashboardService
  changes: DashboardChanges
  ending: EndingService
  history: HistoryService
  usage: UsageService
  places: PlaceService
  hub: HubService
  sharing: ShareService
  labels: LabelService
  health: HealthService
  jumps: JumpService
  editors: EditorService
  launches: LaunchTexts
  registry: RegistryService
  settings: SettingsService
}
