// The releases whose dashboards differ from those of the normal test run.
import { describeVersion } from '../helpers/version-suite.ts'

describeVersion('2.0.0')
describeVersion('1.5.3')
describeVersion('1.3.0')
describeVersion('1.0.0')
describeVersion('0.1.4')
