import { globSync, rmSync } from 'node:fs';
import { join } from 'node:path';

// After `npm ci`: removes what two packages bring and nothing here loads, 150 MB of the install.

const unused = [
  // C++ headers, for addons compiled on this machine: there are none.
  'node/node_modules/node-*/include',
  // Prisma's query compilers for other databases than PostgreSQL.
  '{@prisma/client/runtime,prisma/build}/query_compiler_*.{cockroachdb,mysql,sqlite,sqlserver}.*',
];

const packages = join(import.meta.dirname, '../node_modules');
for (const path of globSync(unused, { cwd: packages })) rmSync(join(packages, path), { recursive: true });
