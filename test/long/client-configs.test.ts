// The properties of changes to configurations, 2,000 generated files per format; and 10,000 texts that no client wrote, for every reader.
import { testChanges } from '../../extensions/backend/clients/configs/change-properties.fixture.ts'
import { testReaders } from '../../extensions/backend/doctor/reader-fuzz.fixture.ts'

testChanges(2_000)
testReaders(10_000)
