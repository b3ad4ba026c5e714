import { type GraphQLField, type GraphQLSchema, isObjectType } from 'graphql';
import { allows, type Principal, systemScopes } from '../../access.ts';
import type { Action } from '../../resource.ts';
import { constant } from '../graphql/list.ts';
import { groupable, summable } from '../graphql/summary.ts';
import { mostChanges } from '../log/undo.ts';
import type { Catalog, Model, Relation } from '../model/catalog.ts';
import type { Operation, OperationKind } from '../model/operation.ts';
import { isUndoable } from '../model/undoable.ts';
import { sees } from '../model/visible.ts';
import { searchable } from '../sql/search.ts';
import { creatable, updatable } from '../write/validation.ts';
import { describeField, sectionsOf } from './fields.ts';
import type { UiAction, UiBoard, UiColumn, UiField, UiOperations, UiRelation, UiResource, UiSchema, UiTransition } from './shape.ts';

type Operations = ReadonlyMap<string, GraphQLField<unknown, unknown>>;

/** What the viewer may see and do, from the definitions and from the operations that the schema really has. */
export function describeUi(catalog: Catalog, schema: GraphQLSchema, viewer: Principal): UiSchema {
  const { id, name, role } = viewer;
  const visible = [...catalog.values()]
    .filter(({ scopes }) => allows(viewer, scopes.read))
    // What the work is about comes before settings, wherever in the list a new model was written.
    .sort((one, other) => Number(other.business) - Number(one.business))
    .map((model) => shownTo(viewer, model));
  const names = new Set(visible.map((model) => model.name));
  const operations = operationsOf(schema, viewer);
  return {
    viewer: { id, name, role, may: systemScopes.filter((scope) => allows(viewer, scope)) },
    undoLimit: mostChanges,
    resources: visible.map((model, order) => describeResource({ model, order, names, operations, schema, viewer })),
  };
}

/** A resource with the fields that the viewer sees. */
function shownTo(viewer: Principal, model: Model): Model {
  const { subtitle, ...ui } = model.ui;
  const fields = Object.fromEntries(Object.entries(model.fields).filter(([, field]) => sees(viewer, field)));
  const known = (name: string) => name in fields;
  return { ...model, fields, ui: { ...ui, ...(subtitle && known(subtitle) && { subtitle }), columns: ui.columns.filter(known) } };
}

/** The root fields that the viewer may call, by name. */
function operationsOf(schema: GraphQLSchema, viewer: Principal): Operations {
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) => Object.values(type?.getFields() ?? {}));
  return new Map(
    fields.flatMap((field) => {
      const operation = operationIn(field);
      return operation && (!operation.scope || allows(viewer, operation.scope)) ? [[field.name, field] as const] : [];
    }),
  );
}

/** Set by operation(). */
const operationIn = ({ extensions }: GraphQLField<unknown, unknown>) => extensions['operation'] as Operation | undefined;

interface Part {
  model: Model;
  order: number;
  /** The resources that the viewer knows. */
  names: ReadonlySet<string>;
  operations: Operations;
  schema: GraphQLSchema;
  viewer: Principal;
}

function describeResource(part: Part): UiResource {
  const { model, order, names, viewer } = part;
  const { name, path, label, describe, title, softDelete, scopes, pageSize, maxPageSize, ui } = model;
  const relations = Object.values(model.relations).filter(({ many, target }) => many && names.has(target.name));
  return {
    name,
    key: path,
    label: label.one,
    labelPlural: label.many,
    description: describe,
    icon: ui.icon,
    nav: ui.nav === false || !keeps(viewer, model) ? null : { group: ui.nav, order },
    titleField: title,
    subtitleField: ui.subtitle ?? null,
    softDelete,
    deletionUndoable:
      isUndoable(model, softDelete ? 'DELETED' : 'DESTROYED') && [scopes.write, 'changes:undo'].every((scope) => allows(viewer, scope)),
    searchable: searchable(model).length > 0,
    history: hasHistory(part),
    pageSize,
    maxPageSize,
    fields: fieldsOf(part),
    columns: columnsOf(model),
    sections: sectionsOf(model),
    relations: relations.map((relation) => describeRelation(part, relation)),
    actions: actionsOf(part),
    views: Object.entries(ui.views ?? {}).map(([view, { where, orderBy }]) => ({
      key: view.toLowerCase().replaceAll(' ', '-'),
      label: view,
      where: where ?? null,
      orderBy: orderBy ?? null,
    })),
    board: boardOf(model),
    operations: namesOf(part),
  };
}

/** Business is for everybody. The rest is in the navigation of who looks after it for all; one's own is on the page of the account. */
const keeps = (viewer: Principal, { business, personal, scopes, writes }: Model): boolean =>
  personal?.unless ? allows(viewer, personal.unless) : business || writes.length === 0 || allows(viewer, scopes.write);

/** Deliveries, for one, are no records that anybody changes. */
function hasHistory({ model, schema, viewer }: Part): boolean {
  const type = schema.getType(model.name);
  return isObjectType(type) && 'history' in type.getFields() && allows(viewer, 'changes:read');
}

function namesOf({ model, operations, schema }: Part): UiOperations {
  const find = (kind: OperationKind) => {
    const field = [...operations.values()].find((each) => {
      const operation = operationIn(each);
      return operation?.resource === model.name && operation.kind === kind;
    });
    return field?.name ?? null;
  };
  const input = (operation: string | null, type: string) => (operation && schema.getType(type) ? type : null);
  const [create, update] = [find('create'), find('update')];
  return {
    list: find('list'),
    summary: find('summary'),
    get: find('get'),
    create,
    update,
    delete: find('delete'),
    restore: find('restore'),
    destroy: find('destroy'),
    erase: find('erase'),
    export: find('export'),
    upsert: find('upsert'),
    createMany: find('createMany'),
    updateMany: find('updateMany'),
    deleteMany: find('deleteMany'),
    whereType: `${model.name}Where`,
    orderByType: `${model.name}OrderBy`,
    createInput: input(create, `${model.name}CreateInput`),
    updateInput: input(update, `${model.name}UpdateInput`),
  };
}

function fieldsOf(part: Part): UiField[] {
  const { model, names, schema } = part;
  const { create, update } = namesOf(part);
  const given = new Set(create ? creatable(model).map(([name]) => name) : []);
  const changed = new Set(update ? updatable(model).map(([name]) => name) : []);
  const [groups, numbers] = [new Set(groupable(model)), new Set(summable(model))];
  const sections = new Map(sectionsOf(model).flatMap(({ key, fields }) => fields.map((name) => [name, key])));
  const type = schema.getType(model.name);
  // What is not stored is neither looked for nor sorted by.
  const once = Object.entries(model.once).map(([name, field]) => [name, { ...field, operators: [], sort: false }] as const);
  return [...Object.entries(model.fields), ...once].flatMap(([name, field]) => {
    const declared = isObjectType(type) ? type.getFields()[name] : undefined;
    if (!declared) return [];
    return describeField(name, field, declared.type, {
      groupField: groups.has(name) ? constant(name) : null,
      summable: numbers.has(name),
      creatable: given.has(name),
      updatable: changed.has(name),
      section: sections.get(name) ?? null,
      transitions: transitionsOf(part, name),
      reference: field.target && names.has(field.target) ? { resource: field.target, objectField: name.replace(/Id$/, '') } : null,
    });
  });
}

/** The action that moves a field along its workflow has one argument, called as the field is. */
const moves = ({ ui, args }: Action, field: string) => (ui.moves && Object.keys(args)[0] === field ? ui.moves : undefined);

function transitionsOf({ model, operations }: Part, field: string): UiTransition[] {
  return Object.entries(model.actions)
    .filter(([name]) => operations.has(name))
    .flatMap(([mutation, action]) =>
      Object.entries(moves(action, field) ?? {}).flatMap(([from, targets]) => targets.map((to) => ({ from, to, mutation }))),
    );
}

/** Everything can be a column; those that the definition does not name are there to be added. */
function columnsOf({ fields, ui: { columns } }: Model): UiColumn[] {
  const others = Object.keys(fields).filter((name) => !columns.includes(name));
  return [...columns, ...others].map((field, index) => ({
    field,
    align: ['integer', 'decimal'].includes(fields[field]?.kind ?? '') ? 'right' : 'left',
    visible: columns.includes(field),
    priority: index + 1,
  }));
}

/** What a workflow moves has a board, whether or not the definition speaks of one. */
function boardOf({ fields, actions, title, ui: { board, columns } }: Model): UiBoard | null {
  const moved = Object.values(actions).find(({ ui }) => ui.moves);
  const by = board?.by ?? (moved && Object.keys(moved.args)[0]);
  if (!by || !fields[by]) return null;
  const sum = board ? board.sum : Object.keys(fields).find((name) => fields[name]?.widget === 'currency');
  const card = board?.card ?? [...new Set([title, ...columns])].filter((name) => name !== by).slice(0, 4);
  return { field: by, sumField: sum && fields[sum] ? sum : null, cardFields: card.filter((name) => fields[name]) };
}

function describeRelation({ operations, model }: Part, { name, label, describe, target, key, create }: Relation): UiRelation {
  const nested = [...operations.values()].map(operationIn).some((each) => each?.resource === model.name && each.kind === 'create');
  return {
    name,
    label,
    description: describe,
    resource: target.name,
    connectionField: `${name}Connection`,
    foreignKey: key,
    embedded: target.ui.nav === false,
    creatable: create && nested,
  };
}

const argument = {
  groupField: null,
  summable: false,
  creatable: true,
  updatable: false,
  section: null,
  transitions: [],
  reference: null,
};

function actionsOf({ model, operations }: Part): UiAction[] {
  return Object.entries(model.actions).flatMap(([name, action]) => {
    const field = operations.get(name);
    // A workflow is offered where its field is.
    if (!field || action.on !== 'record' || action.ui.moves) return [];
    const fields = Object.entries(action.args).map(([arg, declared]) => {
      const type = field.args.find((each) => each.name === arg)?.type;
      if (!type) throw new Error(`${name} has no argument ${arg}`);
      return describeField(arg, declared, type, argument);
    });
    return {
      name,
      label: action.label ?? name,
      description: action.describe,
      icon: action.ui.icon ?? 'bolt',
      mutation: name,
      fields,
      confirm: action.ui.confirm ?? null,
      when: action.ui.when ?? null,
    };
  });
}
