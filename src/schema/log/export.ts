import type { Entry, FieldChange } from '../../change.ts';
import { type Condition, readChanges, readValues } from '../../changes/read.ts';
import type { Context } from '../../context.ts';
import { DomainError } from '../../errors.ts';
import { snake } from '../../resource.ts';
import type { Builder } from '../graphql/builder.ts';
import type { Catalog, Model } from '../model/catalog.ts';
import { fieldChanges, parseColumns } from '../model/change-values.ts';
import { parseId } from '../model/ids.ts';
import { indefinite, mutationNames } from '../model/names.ts';
import { operation } from '../model/operation.ts';
import { mayRead } from '../model/visible.ts';
import { run } from '../sql/read.ts';
import { notFound } from '../sql/refusals.ts';
import { column, quote, rowsSql, statement } from '../sql/sql.ts';
import { visibilityOf } from './change-visibility.ts';

/** Most records of a kind, and most changes, that are told at once. */
const most = 10_000;

type Exported = Record<string, unknown> & { id: number };

/** Records that hang on another one, or are a person's own: by the field that says so. */
interface Hanging {
  model: Model;
  key: string;
}

/** Adds `exportCustomer`, … for all that can be erased: what is kept of a record, as one file. */
export function addExporting(builder: Builder, catalog: Catalog): void {
  for (const model of catalog.values()) if (model.writes.includes('delete')) addExport(model);

  function addExport(model: Model): void {
    const { export: name } = mutationNames(model);
    const others = hangingOn(model).map(({ model: { label } }) => label.many.toLowerCase());
    const along = others.length ? ` with its ${others.join(', ')}` : '';
    const { operation: route } = operation(model, name, { kind: 'export', scope: 'read', method: 'GET', path: '{id}/export' });
    builder.queryField(name, (t) =>
      t.field({
        type: 'JSON',
        description: `Everything that is kept of ${indefinite(model)}${along} and their changes, as one file in the forms of REST; secrets are in none. What of it may not be seen is left out.`,
        args: { id: t.arg.id({ required: true, description: `\`${model.name}:1\` or \`1\`.`, extensions: { id: model.name } }) },
        complexity: 500,
        authScopes: { scope: ['export:run', model.scopes.read, 'changes:read'] },
        extensions: { operation: { ...route, scope: 'export:run' }, needs: [model.scopes.read, 'changes:read'] },
        resolve: (_root, args, context) => exported(context, catalog, model, parseId(model, args.id)),
      }),
    );
  }
}

const hangingOn = ({ name, relations, referrers }: Model): Hanging[] => [
  ...Object.values(relations).flatMap(({ cascade, many, target, key }) => (many && cascade ? [{ model: target, key }] : [])),
  ...referrers.flatMap(({ source, key }) => (source.personal?.owner === key && source.name !== name ? [{ model: source, key }] : [])),
];

async function exported(context: Context, catalog: Catalog, model: Model, id: number): Promise<unknown> {
  const [record] = await recordsOf(context, { model, key: 'id' }, id);
  if (!record) throw notFound(model, id, 'INCLUDE');
  const hanging = hangingOn(model).filter((each) => mayRead(context.principal, each.model));
  const related = await Promise.all(hanging.map((each) => recordsOf(context, each, id)));
  const told = [{ model, key: 'id', ids: [id] }, ...hanging.map((each, at) => ({ ...each, ids: related[at]?.map((row) => row.id) ?? [] }))];
  return {
    exportedAt: context.now().toISOString(),
    resource: model.name,
    record,
    related: Object.fromEntries(hanging.map(({ model: { many } }, at) => [many, related[at]])),
    changes: await changesOf(context, catalog, told, id),
  };
}

/** Visible records, in the trash or not, by a field that names the one that is exported. */
async function recordsOf(context: Context, { model, key }: Hanging, id: number): Promise<Exported[]> {
  const made = statement(context);
  const rows = await run<{ json: string }>(
    context,
    made,
    `SELECT to_jsonb(t)::text AS "json" FROM ${quote(model.table)} t WHERE ${column('t', key)} = ${made.bind(id, 'int')} AND ${rowsSql(made, model, 't', 'INCLUDE')} ORDER BY t."id" LIMIT ${most + 1}`,
  );
  if (rows.length > most) throw tooMany();
  return rows.map(({ json }) => {
    const columns = parseColumns(json);
    const values = fieldChanges(context, model, { before: null, after: json }).map(({ field, flatAfter }) => [field, flatAfter]);
    const kept = ['version', 'createdAt', 'updatedAt'].map((name) => [
      name,
      name === 'version' ? Number(columns[name]) : columns[snake(name)],
    ]);
    return { id: Number(columns['id']), ...Object.fromEntries([...values, ...kept]) };
  });
}

/** What happened to these records and to those that hung on the same one before; oldest first. */
async function changesOf(context: Context, catalog: Catalog, told: (Hanging & { ids: number[] })[], id: number): Promise<unknown[]> {
  const visibility = visibilityOf(catalog, context);
  const condition: Condition = (bind) => {
    const own = told.map(({ model, key, ids }) => {
      const among = `"record_id" = ANY(string_to_array(${bind(ids.join(), 'text')}, ',')::int[])`;
      const states = key === 'id' ? [] : ['before', 'after'];
      const hung = states.map((state) => `"${state}" ->> ${bind(snake(key), 'text')} = ${bind(id, 'text')}`);
      return `("resource" = ${bind(model.table, 'text')} AND (${[among, ...hung].join(' OR ')}))`;
    });
    return `(${own.join(' OR ')})${visibility.condition ? ` AND ${visibility.condition(bind)}` : ''}`;
  };
  const tables = told.map(({ model }) => model.table).filter((table) => visibility.tables.includes(table));
  const entries = await readChanges(context, { tables }, { limit: most + 1, unsettled: true }, condition);
  if (entries.length > most) throw tooMany();
  const values = await readValues(
    context,
    entries.map((entry) => entry.id),
  );
  const models = new Map(told.map(({ model }) => [model.table, model]));
  return entries.flatMap((entry) => {
    const [model, kept] = [models.get(entry.table), values.get(entry.id)];
    return model && kept ? [change(entry, model, entry.erased ? [] : fieldChanges(context, model, kept))] : [];
  });
}

const change = ({ recordId, op, version, at, actor, surface, changeSet, erased }: Entry, { name }: Model, fields: FieldChange[]) => ({
  resource: name,
  recordId,
  op: op.toLowerCase(),
  version,
  at: at.toISOString(),
  actor,
  surface,
  changeSet,
  erased,
  fields: fields.map(({ field, flatBefore, flatAfter }) => ({ field, before: flatBefore, after: flatAfter })),
});

const tooMany = () =>
  new DomainError(
    'TOO_LARGE',
    `More than ${most} records or changes belong to it. Read them from the lists and from \`changes\`, page by page.`,
  );
