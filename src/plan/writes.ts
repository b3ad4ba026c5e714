import { type Signer, signature, signers } from '../context.ts';
import { authorizeInput } from '../schema/authority.ts';
import type { Model } from '../schema/catalog.ts';
import { parseId } from '../schema/ids.ts';
import { hasListEdits } from '../schema/list-edit.ts';
import type { PlannableWrite } from '../schema/plannable.ts';
import { quote, rowsSql, type Statement } from '../schema/sql.ts';
import type { Trash } from '../schema/tree.ts';
import { type Validator, validator } from '../schema/validation.ts';
import type { Values } from '../schema/values.ts';
import { authorizeFields, visibleTo } from '../schema/visible.ts';
import { insertSql, updateSql } from '../schema/write.ts';
import { tellOfKids } from './cut.ts';
import type { Variant } from './document.ts';
import { type Field, modelOf, nested, one, type Root, recordsIn, valuesOf } from './reads.ts';
import { columnsSql, newLevel, recordText } from './records.ts';
import { type Asking, add, related } from './related.ts';
import { standard } from './standard.ts';

/** What a write is done with besides. */
export interface Writing extends Asking {
  signer: Signer;
  now(): Date;
  /** Told where in the log the write is. */
  placed(place: string): void;
}

type Arguments = Record<string, unknown>;

/** What a write does, in one statement that returns `columns`. */
type WriteSql = (made: Statement, model: Model, args: Arguments, writing: Writing, columns: string) => string;

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
  // Where it will be found is not known before it is there.
  if (write === 'create' && level.kids.length) standard('what belongs to a record that is made');
  const sql = writes[write](validator(model));

  return (asking) => {
    const given = valuesOf(asked, asking.variables);
    const args = nested(asked, given);
    authorizeInput(asking.principal, asked.field.args, given);
    if (!('signer' in asking) || args['idempotencyKey'] != null || args['dryRun'] === true) return standard('a safer write');
    const writing = asking as Writing; // has a signer
    const at = add(asking, (made) => {
      const [actor = '', surface = '', changeSet = ''] = signers(writing.signer).map((value) => made.bind(value, 'text'));
      return sql(made, model, args, writing, `${columnsSql(level)}, (SELECT ${signature(actor, surface, changeSet)})`);
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

const writes: Record<PlannableWrite, (check: Validator) => WriteSql> = {
  create:
    (check) =>
    (made, model, args, { principal }, columns) => {
      const { values, children } = check.create(args['input']);
      if (Object.values(children).some((records) => records.length)) standard('records that are created together');
      authorizeValues(principal, model, values);
      const fields = Object.keys(values).filter((name) => name in model.fields);
      return insertSql(made, model, fields, [values], columns);
    },
  update:
    (check) =>
    (made, model, args, { principal }, columns) => {
      const values = check.update(args['input']);
      // What is added to a list depends on what is in it.
      if (!Object.keys(values).length || hasListEdits(values)) standard('values');
      authorizeValues(principal, model, values);
      return changed(made, model, args, values, 'EXCLUDE', columns);
    },
  delete:
    () =>
    (made, model, args, { now }, columns) =>
      changed(made, model, args, { deletedAt: now() }, 'EXCLUDE', columns),
  restore: () => (made, model, args, _writing, columns) => changed(made, model, args, { deletedAt: null }, 'ONLY', columns),
};

/** What one may not see one may not write; whether one sees what a reference points to is a question of its own. */
function authorizeValues(principal: Asking['principal'], model: Model, values: Values): void {
  authorizeFields(principal, model, Object.keys(values));
  const isHidden = Object.values(model.relations).some(
    ({ many, key, target }) => !many && values[key] != null && visibleTo(principal, target) !== undefined,
  );
  if (isHidden) standard('a reference to what may not be theirs');
}

function changed(made: Statement, model: Model, args: Arguments, values: Values, trash: Trash, columns: string): string {
  const { id, expectedVersion } = args;
  const conditions = [`t."id" = ${made.bind(parseId(model, id), 'int')}`, rowsSql(made, model, 't', trash)];
  if (expectedVersion != null) conditions.push(`t."version" = ${made.bind(expectedVersion, 'int')}`);
  // It waits for nobody: others' statements wait behind it on the same connection.
  const free = `t."id" = (SELECT t."id" FROM ${quote(model.table)} t WHERE ${conditions.join(' AND ')} FOR NO KEY UPDATE SKIP LOCKED)`;
  return updateSql(made, model, values, free, columns);
}
