import { writeFileSync } from 'node:fs'
import { reasonsFile, reasonsPage } from '../packages/display/src/reason-states.test-support.ts'

// `npm run reasons`: the page about what devices say, from what they do say.
writeFileSync(reasonsFile, reasonsPage())
