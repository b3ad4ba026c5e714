import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Installs the programs that the tests and checks run (see package.json beside this), unless they are there already.
// They are apart so that `npm ci` brings only what it takes to run, change and build the product.

const lock = readFileSync(join(import.meta.dirname, 'package-lock.json'), 'utf8');
const installed = join(import.meta.dirname, 'node_modules/.installed-lock.json');

if (lock !== read(installed)) {
  console.log('Installing the programs that the tests and checks run (once, about 20 s) …');
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: import.meta.dirname, stdio: 'inherit' });
  writeFileSync(installed, lock);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
