// Generated configurations of every format; test/long/client-configs.test.ts runs thousands.
import { testChanges } from './change-properties.fixture.ts'

testChanges(200)
