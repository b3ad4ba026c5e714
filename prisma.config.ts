import { defineConfig } from 'prisma/config';

// Prisma's CLI downloads a schema-engine binary even for commands that never run it. Naming any
// existing binary keeps `generate`, `validate` and `format` offline; `migrate` still finds its own.
if (process.argv.some((word) => ['generate', 'validate', 'format'].includes(word))) {
  process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= process.execPath;
}

export default defineConfig({ schema: 'prisma/schema.prisma' });
