import type { Builder, Ref } from '../graphql/builder.ts';
import { fieldTypes } from './field-types.ts';
import { drawing } from './icons.ts';
import type { UiAction, UiBoard, UiColumn, UiOperations, UiRelation, UiResource, UiSchema, UiSection, UiView } from './shape.ts';

/** The types by which the user interface is described. */
export function uiTypes(builder: Builder): Ref<UiSchema> {
  const viewer = builder.objectRef<UiSchema['viewer']>('UiViewer').implement({
    description: 'Who looks.',
    fields: (t) => ({
      actor: t.exposeString('id', { description: 'The user’s id, by which the change log names them.' }),
      name: t.exposeString('name', { description: 'Display name.' }),
      role: t.exposeString('role', { description: 'What they are to the CRM, such as `SALES`.' }),
      may: t.exposeStringList('may', {
        description: 'What they may do besides the operations of each resource: those of these scopes that they have.',
      }),
    }),
  });
  const resource = resourceType(builder);
  return builder.objectRef<UiSchema>('UiSchema').implement({
    description: 'Metadata for user interfaces. Whatever the viewer may not see or do is not in it.',
    fields: (t) => ({
      viewer: t.field({ type: viewer, description: 'Who looks.', resolve: (ui) => ui.viewer }),
      undoLimit: t.exposeInt('undoLimit', { description: 'Most changes that one `undo` takes back.' }),
      resources: t.field({ type: [resource], description: 'The kinds of records, in navigation order.', resolve: (ui) => ui.resources }),
    }),
  });
}

function resourceType(builder: Builder): Ref<UiResource> {
  const icon = iconType(builder);
  const field = fieldTypes(builder);
  const { column, section, relation, view, board } = layoutTypes(builder);
  const action = builder.objectRef<UiAction>('UiAction').implement({
    description: 'Something to do to a record besides changing its fields.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name.' }),
      label: t.exposeString('label', { description: 'What the button says.' }),
      description: t.exposeString('description', { description: 'What it does.' }),
      icon: t.field({ type: icon, description: 'Its icon.', resolve: (each) => each.icon }),
      mutation: t.exposeString('mutation', { description: 'The mutation; it takes `id`, and the fields as arguments.' }),
      fields: t.field({ type: [field], description: 'What to ask for first.', resolve: (each) => each.fields }),
      confirm: t.exposeString('confirm', { nullable: true, description: 'What to ask before it is done.' }),
      when: t.field({
        type: conditionType(builder),
        nullable: true,
        description: 'For which records it is offered; for all when null.',
        resolve: (each) => each.when,
      }),
    }),
  });
  const operations = operationsType(builder);
  return builder.objectRef<UiResource>('UiResource').implement({
    description: 'A kind of records, and how it shows.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'The GraphQL type, such as `Customer`.' }),
      key: t.exposeString('key', { description: 'Its part of an address, such as `customers`.' }),
      label: t.exposeString('label', { description: 'Singular name.' }),
      labelPlural: t.exposeString('labelPlural', { description: 'Plural name.' }),
      description: t.exposeString('description', { description: 'What it is.' }),
      icon: t.field({ type: icon, description: 'Its icon.', resolve: (each) => each.icon }),
      nav: t.field({
        type: navType(builder),
        nullable: true,
        description: 'Its place in the navigation; null: it has no page and shows within the records it belongs to.',
        resolve: ({ nav }) => nav,
      }),
      titleField: t.exposeString('titleField', { description: 'The field that names a record.' }),
      subtitleField: t.exposeString('subtitleField', { nullable: true, description: 'The field that stands below it.' }),
      softDelete: t.exposeBoolean('softDelete', { description: 'Whether deleted records go to a trash.' }),
      deletionUndoable: t.exposeBoolean('deletionUndoable', {
        description: 'Whether the viewer can bring back what they deleted, by `undo`.',
      }),
      searchable: t.exposeBoolean('searchable', { description: 'Whether lists take `search`.' }),
      history: t.exposeBoolean('history', { description: 'Whether records tell what happened to them, and the viewer may know.' }),
      pageSize: t.exposeInt('pageSize', { description: 'Default page size.' }),
      maxPageSize: t.exposeInt('maxPageSize', { description: 'Maximum page size.' }),
      fields: t.field({ type: [field], description: 'What a record consists of.', resolve: (each) => each.fields }),
      columns: t.field({ type: [column], description: 'The columns of a list.', resolve: (each) => each.columns }),
      sections: t.field({ type: [section], description: 'The parts of a record’s page.', resolve: (each) => each.sections }),
      relations: t.field({ type: [relation], description: 'Lists of other records.', resolve: (each) => each.relations }),
      actions: t.field({ type: [action], description: 'What the viewer may do to a record besides.', resolve: (each) => each.actions }),
      views: t.field({ type: [view], description: 'Lists with a name.', resolve: (each) => each.views }),
      board: t.field({ type: board, nullable: true, description: 'The board, where there is one.', resolve: (each) => each.board }),
      operations: t.field({ type: operations, description: 'Root fields by what they do.', resolve: (each) => each.operations }),
    }),
  });
}

const iconType = (builder: Builder): Ref<string> =>
  builder.objectRef<string>('UiIcon').implement({
    description: 'An icon of 24 × 24, to be drawn in lines.',
    fields: (t) => ({
      name: t.string({ description: 'Its name among the Tabler icons.', resolve: (name) => name }),
      nodes: t.field({
        type: 'JSON',
        description: 'Its shapes: each an SVG element’s name and attributes.',
        resolve: (name) => drawing(name),
      }),
    }),
  });

const navType = (builder: Builder): Ref<NonNullable<UiResource['nav']>> =>
  builder.objectRef<NonNullable<UiResource['nav']>>('UiNav').implement({
    description: 'A place in the navigation.',
    fields: (t) => ({
      group: t.exposeString('group', { description: 'The heading it stands under.' }),
      order: t.exposeInt('order', { description: 'Smaller comes first.' }),
    }),
  });

const conditionType = (builder: Builder): Ref<NonNullable<UiAction['when']>> =>
  builder.objectRef<NonNullable<UiAction['when']>>('UiCondition').implement({
    description: 'A condition on a record.',
    fields: (t) => ({
      field: t.exposeString('field', { description: 'The field that decides.' }),
      in: t.stringList({ description: 'The values it may have.', resolve: (condition) => [...condition.in] }),
    }),
  });

function layoutTypes(builder: Builder) {
  const column = builder.objectRef<UiColumn>('UiColumn').implement({
    description: 'A column of a list.',
    fields: (t) => ({
      field: t.exposeString('field', { description: 'What it shows.' }),
      align: t.exposeString('align', { description: '`left` or `right`.' }),
      visible: t.exposeBoolean('visible', { description: 'Whether the column is shown by default.' }),
      priority: t.exposeInt('priority', { description: 'Where it is narrow, the smallest stay.' }),
    }),
  });
  const section = builder.objectRef<UiSection>('UiSection').implement({
    description: 'A part of a record’s page and form.',
    fields: (t) => ({
      key: t.exposeString('key', { description: 'What fields name it by.' }),
      label: t.exposeString('label', { description: 'Its heading.' }),
    }),
  });
  const relation = builder.objectRef<UiRelation>('UiRelation').implement({
    description: 'Other records that point to this one.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'The field that has them as a list, and as a condition in `where`.' }),
      label: t.exposeString('label', { description: 'The label here.' }),
      description: t.exposeString('description', { description: 'What they are.' }),
      resource: t.exposeString('resource', { description: 'Their GraphQL type.' }),
      connectionField: t.exposeString('connectionField', { description: 'The field that has them in pages.' }),
      foreignKey: t.exposeString('foreignKey', { description: 'Their field that points here.' }),
      embedded: t.exposeBoolean('embedded', { description: 'Whether they have no page but this one.' }),
      creatable: t.exposeBoolean('creatable', { description: 'Whether the create input takes them along, under `name`.' }),
    }),
  });
  const view = builder.objectRef<UiView>('UiView').implement({
    description: 'A list with a name.',
    fields: (t) => ({
      key: t.exposeString('key', { description: 'Its part of an address.' }),
      label: t.exposeString('label', { description: 'Display name.' }),
      where: t.expose('where', { type: 'JSON', nullable: true, description: 'The argument `where`.' }),
      orderBy: t.expose('orderBy', { type: 'JSON', nullable: true, description: 'The argument `orderBy`.' }),
    }),
  });
  const board = builder.objectRef<UiBoard>('UiBoard').implement({
    description: 'Records in columns, one for each value of a field.',
    fields: (t) => ({
      field: t.exposeString('field', { description: 'The field.' }),
      sumField: t.exposeString('sumField', { nullable: true, description: 'What is added up in each column.' }),
      cardFields: t.stringList({ description: 'What a card shows.', resolve: ({ cardFields }) => [...cardFields] }),
    }),
  });
  return { column, section, relation, view, board };
}

function operationsType(builder: Builder): Ref<UiOperations> {
  const nullable = true;
  return builder.objectRef<UiOperations>('UiOperations').implement({
    description: 'Names of root fields by what they do, null where the viewer may not do it or nobody can; and the types they take.',
    fields: (t) => ({
      list: t.exposeString('list', { nullable, description: 'Query for pages of records.' }),
      summary: t.exposeString('summary', { nullable, description: 'Query that counts and adds up, `groupBy` fields.' }),
      get: t.exposeString('get', { nullable, description: 'Query for one by `id`.' }),
      create: t.exposeString('create', { nullable, description: 'Mutation that makes one of `input`.' }),
      update: t.exposeString('update', { nullable, description: 'Mutation that changes the one with `id` by `input`.' }),
      delete: t.exposeString('delete', { nullable, description: 'Mutation that deletes the one with `id`.' }),
      restore: t.exposeString('restore', { nullable, description: 'Mutation that takes the one with `id` out of the trash.' }),
      destroy: t.exposeString('destroy', { nullable, description: 'Mutation that removes the one with `id` for good.' }),
      erase: t.exposeString('erase', { nullable, description: 'Mutation that removes the one with `id` and every value kept of it.' }),
      export: t.exposeString('export', { nullable, description: 'Query for everything that is kept of the one with `id`.' }),
      upsert: t.exposeString('upsert', { nullable, description: 'Mutation that changes or makes one, found `by` a field.' }),
      createMany: t.exposeString('createMany', { nullable, description: 'Mutation that makes several, a list of `input`.' }),
      updateMany: t.exposeString('updateMany', { nullable, description: 'Mutation that changes those with `ids` by `input`.' }),
      deleteMany: t.exposeString('deleteMany', { nullable, description: 'Mutation that deletes those with `ids`.' }),
      whereType: t.exposeString('whereType', { description: 'Type of `where`.' }),
      orderByType: t.exposeString('orderByType', { description: 'Type of the entries of `orderBy`.' }),
      createInput: t.exposeString('createInput', { nullable, description: 'Type of `input` of `create`.' }),
      updateInput: t.exposeString('updateInput', { nullable, description: 'Type of `input` of `update` and `updateMany`.' }),
    }),
  });
}
