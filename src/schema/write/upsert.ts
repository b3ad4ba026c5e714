import { type GraphQLResolveInfo, responsePathAsArray } from 'graphql';
import type { Context } from '../../context.ts';
import { badInput, DomainError } from '../../errors.ts';
import type { Model } from '../model/catalog.ts';
import { authorizeFields, mayRead } from '../model/visible.ts';
import type { Row } from '../sql/read.ts';
import type { Creation } from './validation.ts';
import { create, findUnique, update } from './write.ts';

/** Fields by which a record can be found for an upsert. */
export const upsertKeys = ({ fields, writes }: Model): string[] =>
  writes.includes('create') && writes.includes('update') ? Object.keys(fields).filter((name) => fields[name]?.unique) : [];

/** Marks a record that an upsert has created; kept with it under an idempotency key, so that a repeated answer says the same. */
const isNew = '__created';

/** The record of an upsert, of which surfaces say whether it is new. */
export function remarked({ upserts }: Context, { path }: GraphQLResolveInfo, row: Row): Row {
  upserts.push({ path: responsePathAsArray(path), created: isNew in row });
  return row;
}

/** Updates the record that has the same value in the field `by`, or creates it. */
export async function upsert(context: Context, model: Model, by: string, creation: Creation): Promise<Row[]> {
  authorizeFields(context.principal, model, [by]);
  const id = await findUnique(context, model, by, creation.values[by]);
  if (id === undefined) return (await create(context, model, [creation])).map((row) => ({ ...row, [isNew]: true }));
  if (Object.keys(creation.children).length) {
    const [relation = ''] = Object.keys(creation.children);
    throw badInput([
      { path: ['input', relation], message: `can only be given for a new record; ${model.label.one.toLowerCase()} ${id} exists` },
    ]);
  }
  return merge(context, model, id, by, creation);
}

async function merge(context: Context, model: Model, id: number, by: string, { values }: Creation): Promise<Row[]> {
  const fixed = Object.keys(values).filter((name) => model.fields[name]?.write === 'create');
  const changeable = Object.fromEntries(Object.entries(values).filter(([name]) => !fixed.includes(name)));
  const [row] = await update(context, model, [id], changeable);
  // What is fixed after creation may be repeated, but not changed by the back door. What it was found by may differ in case.
  const changed = row && fixed.find((name) => name !== by && String(row[name]) !== String(values[name]));
  if (changed) {
    if (!mayRead(context.principal, model))
      throw new DomainError('CONFLICT', `${model.label.one} ${id} exists with another ${changed}; an upsert cannot change it.`);
    throw new DomainError(
      'CONFLICT',
      `${model.label.one} ${id} exists and its ${changed} is ${JSON.stringify(row[changed])}; an upsert cannot change it to ${JSON.stringify(values[changed])}.`,
      {
        current: { id, [changed]: row[changed] },
      },
    );
  }
  return row ? [row] : [];
}
