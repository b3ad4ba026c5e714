import { type Signer, signature, signers } from '../context.ts';
import { authorizeInput } from '../schema/graphql/authority.ts';
import type { PlannableWrite } from '../schema/graphql/plannable.ts';
import type { Model } from '../schema/model/catalog.ts';
import { parseId } from '../schema/model/ids.ts';
import type { Trash } from '../schema/model/tree.ts';
import type { Values } from '../schema/model/values.ts';
import { authorizeFields, visibleTo } from '../schema/model/visible.ts';
import { quote, rowsSql, type Statement } from '../schema/sql/sql.ts';
import { hasListEdits } from '../schema/write/list-edit.ts';
import { type Validator, validator } from '../schema/write/validation.ts';
import { insertSql, updateSql } from '../schema/write/write.ts';
import { tellOfKids } from './cut.ts';
import type { Variant } from './document.ts';
import { type Field, modelOf, nested, one, type Root, recordsIn } from './reads.ts';
import { columnsSql, newLevel, recordText } from './records.ts';
import { type Asking, add, related } from './related.ts';
import { standard } from './standard.ts';

/** What a write is done with besides. */
export interface Writing extends Asking {
  signer: Signer;
  /** The change set was named by the request, and may be another's. */
  isShared: boolean;
  now(): Date;
  /** Told where in the log the write is. */
  placed(place: string): void;
}

type Arguments = Record<string, unknown>;

interface OneWrite {
  made: Statement;
  model: Model;
  check: Validator;
  args: Arguments;
  writing: Writing;
  /** What the statement returns. */
  columns: string;
}

const checks = new WeakMap<Model, Validator>();

/** Compiled once, whatever documents write such a record. */
function checkOf(model: Model): Validator {
  const check = checks.get(model) ?? validator(model);
  checks.set(model, check);
  return check;
}

type WriteSql = (write: OneWrite) => string;

/**
 * A write of one record that is one statement, and so a transaction of its own: it checks, changes, tells the log who
 * writes, and answers. Where it writes nothing, the resolver finds out why.
 */
export function writeRoot(variant: Variant, asked: Field, resource: string, write: PlannableWrite): Root {
  const model = modelOf(variant, resource);
  // What follows from a write, and what a personal record allows, takes a transaction.
  if (model.afterWrite || model.personal) standard(model.name);
  variant.scopes.add(model.scopes.read);
  const level = newLevel(model);
  const text = recordText(variant, level, asked.nodes, () => []);
  if (level.hasOnce) standard('what is told once');
  // Where it will be found is not known before it is there.
  if (write === 'create' && level.kids.length) standard('what belongs to a record that is made');
  const check = checkOf(model);

  return (asking) => {
    const given = asked.values(asking.variables);
    const args = nested(asked, given);
    authorizeInput(asking.principal, asked.field.args, given);
    if (!('signer' in asking) || args['idempotencyKey'] != null || args['dryRun'] === true) return standard('a safer write');
    const writing = asking as Writing; // has a signer
    const at = add(asking, (made) => {
      const [actor = '', surface = '', changeSet = ''] = signers(writing.signer).map((value) => made.bind(value, 'text'));
      const columns = `${columnsSql(level)}, (SELECT ${signature(actor, surface, changeSet)})`;
      return writes[write]({ made, model, check, args, writing, columns });
    });
    const decode = level.kids.length
      ? related(asking, level, { one: (made) => made.bind(parseId(model, args['id']), 'int') }, 1)
      : undefined;
    return {
      text: (reply) => {
        const { cells, width } = reply.results[at] ?? standard('no rows');
        const place = cells[width - 1];
        if (typeof place !== 'string') return standard('nothing was written');
        writing.placed(place);
        return text(cells, 0, decode?.(reply) ?? []);
      },
      tell: (reply, tell) => tellOfKids(level, recordsIn(reply, at, decode?.(reply) ?? [], one, level), [asked.key], tell),
    };
  };
}

const writes: Record<PlannableWrite, WriteSql> = {
  create: ({ made, model, check, args, writing, columns }) => {
    if (writing.isShared) standard('a record in a change set that may be another’s');
    const { values, children } = check.create(args['input']);
    if (Object.values(children).some((records) => records.length)) standard('records that are created together');
    authorizeValues(writing.principal, model, values);
    const fields = Object.keys(values).filter((name) => name in model.fields);
    return insertSql(made, model, fields, [values], columns);
  },
  update: (write) => {
    const values = write.check.update(write.args['input']);
    // What is added to a list depends on what is in it.
    if (!Object.keys(values).length || hasListEdits(values)) standard('values');
    authorizeValues(write.writing.principal, write.model, values);
    return changed(write, values, 'EXCLUDE');
  },
  delete: (write) => changed(write, { deletedAt: write.writing.now() }, 'EXCLUDE'),
  restore: (write) => changed(write, { deletedAt: null }, 'ONLY'),
};

/** What one may not see one may not write; whether one sees what a reference points to is a question of its own. */
function authorizeValues(principal: Asking['principal'], model: Model, values: Values): void {
  authorizeFields(principal, model, Object.keys(values));
  const isHidden = Object.values(model.relations).some(
    ({ many, key, target }) => !many && values[key] != null && visibleTo(principal, target) !== undefined,
  );
  if (isHidden) standard('a reference to what may not be theirs');
}

function changed({ made, model, args, writing, columns }: OneWrite, values: Values, trash: Trash): string {
  const { id, expectedVersion } = args;
  const conditions = [`t."id" = ${made.bind(parseId(model, id), 'int')}`, rowsSql(made, model, 't', trash)];
  if (expectedVersion != null) conditions.push(`t."version" = ${made.bind(expectedVersion, 'int')}`);
  if (writing.isShared) conditions.push(`NOT ${othersSetSql(made, writing.signer)}`);
  // It waits for nobody: others' statements wait behind it on the same connection.
  const free = `t."id" = (SELECT t."id" FROM ${quote(model.table)} t WHERE ${conditions.join(' AND ')} FOR NO KEY UPDATE SKIP LOCKED)`;
  return updateSql(made, model, values, free, columns);
}

function othersSetSql(made: Statement, { changeSet, principal }: Signer): string {
  const [set, actor] = [changeSet, principal?.id].map((value) => made.bind(value, 'text'));
  return `EXISTS (SELECT 1 FROM "changes" WHERE "change_set" = ${set} AND "actor" IS DISTINCT FROM ${actor})`;
}
