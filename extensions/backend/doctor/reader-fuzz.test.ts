// Texts for all readers; test/long/client-configs.test.ts runs thousands.
import { testReaders } from './reader-fuzz.fixture.ts'

testReaders(300)
