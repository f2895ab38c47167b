// The properties of changes to configurations, 2,000 generated files per format.
import { testChanges } from '../../extensions/backend/clients/configs/change-properties.fixture.ts'

testChanges(2_000)
