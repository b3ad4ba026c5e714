import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Resource, snake } from '../src/resource.ts';
import type { Generated } from './database.ts';

const root = join(import.meta.dirname, '..');

/** Generates for the project's models and those of `toys`, resources of texts and references that only a test has. */
export async function generateWith(toys: readonly Resource[]): Promise<Generated> {
  const directory = mkdtempSync(join(tmpdir(), 'facet-models-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
    cpSync(join(root, 'prisma.config.ts'), join(directory, 'prisma.config.ts'));
    cpSync(join(root, 'prisma/schema.prisma'), join(directory, 'prisma/schema.prisma'));
    const file = join(directory, 'prisma/schema.prisma');
    writeFileSync(file, toys.reduce(withModel, readFileSync(file, 'utf8')));
    execFileSync(process.execPath, ['node_modules/prisma/build/index.js', 'generate'], { cwd: directory, stdio: 'pipe' });
    const load = (name: string) => import(pathToFileURL(join(directory, 'prisma/generated', name)).href);
    const [client, pothos] = await Promise.all([load('client.ts'), load('pothos.ts')]);
    return { client: client.PrismaClient, datamodel: pothos.getDatamodel() };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function withModel(schema: string, { name, table, fields }: Resource): string {
  const columns = Object.entries(fields).filter(([field]) => !['id', 'version', 'createdAt', 'updatedAt'].includes(field));
  const lines = columns.map(([field, { kind, target }]) => {
    const column = `${field} ${kind === 'reference' ? 'Int' : 'String'} @map("${snake(field)}")`;
    const relation = `${field.replace(/Id$/, '')} ${target} @relation("${name}_${field}", fields: [${field}], references: [id])`;
    return kind === 'reference' ? `${column}\n  ${relation}` : column;
  });
  const model = `
model ${name} {
  id Int @id @default(autoincrement())
  version Int @default(1)
  createdAt DateTime @default(now()) @map("created_at") @db.Timestamptz(3)
  updatedAt DateTime @default(now()) @map("updated_at") @db.Timestamptz(3)
  ${lines.join('\n  ')}
  @@map("${table}")
}
`;
  return columns.reduce(
    (text, [field, { target }]) =>
      target ? text.replace(`model ${target} {\n`, `$&  ${name}_${field} ${name}[] @relation("${name}_${field}")\n`) : text,
    schema + model,
  );
}
