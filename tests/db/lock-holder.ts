import { acquireLock } from '../../src/db/lock.ts';

// Takes the lock named on the command line, says how that went, and keeps it until told otherwise.
try {
  acquireLock(process.argv[2] ?? '');
  console.log('held');
  setInterval(() => {}, 1000);
} catch (error) {
  console.log(error instanceof Error ? error.message : error);
}
