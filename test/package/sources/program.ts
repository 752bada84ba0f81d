import { runMainJob } from './main-job.js'

void runMainJob()
