// A program of which one part imports the library and another requires it.
import './same-exports.mjs'
import { runMainJob } from '../cjs/main-job.js'

void runMainJob()
