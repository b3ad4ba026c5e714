import { type Color, colors, type FieldKind, operatorsOf, type Widget, widgets } from '../../fields.ts';
import { words } from '../../resource.ts';
import type { Builder, Ref } from '../graphql/builder.ts';
import { constant } from '../graphql/list.ts';
import type { UiConstraints, UiField, UiListEdit, UiOperator, UiOption, UiReference, UiTransition } from './shape.ts';

/** `UiField` and what it consists of. */
export function fieldTypes(builder: Builder): Ref<UiField> {
  const { kind, widget, color } = enums(builder);
  const constraints = constraintsType(builder);
  const operator = builder.objectRef<UiOperator>('UiOperator').implement({
    description: 'A way to compare a field with a value in `where`.',
    fields: (t) => ({
      key: t.exposeString('key', { description: 'Its name in `where`.' }),
      label: t.exposeString('label', { description: 'What people call it.' }),
      kind: t.field({ type: kind, description: 'What it takes.', resolve: (each) => each.kind }),
      list: t.exposeBoolean('list', { description: 'Whether it takes several; `between` takes two.' }),
    }),
  });
  const option = builder.objectRef<UiOption>('UiOption').implement({
    description: 'One of the values that a field can have.',
    fields: (t) => ({
      value: t.exposeString('value', { description: 'The value.' }),
      label: t.exposeString('label', { description: 'What people call it.' }),
      help: t.exposeString('help', { description: 'What it means.' }),
      color: t.field({ type: color, description: 'Its colour.', resolve: (each) => each.color }),
    }),
  });
  const transition = builder.objectRef<UiTransition>('UiTransition').implement({
    description: 'A step of a workflow.',
    fields: (t) => ({
      from: t.exposeString('from', { description: 'The value before.' }),
      to: t.exposeString('to', { description: 'The value after.' }),
      mutation: t.exposeString('mutation', {
        description: 'The mutation that makes it; it takes `id`, and the new value in an argument called as the field is.',
      }),
    }),
  });
  const listEdit = builder.objectRef<UiListEdit>('UiListEdit').implement({
    description: 'The inputs of an update that change some entries of a list and leave the others.',
    fields: (t) => ({
      add: t.exposeString('add', { description: 'The input with entries to add.' }),
      remove: t.exposeString('remove', { description: 'The input with entries to remove.' }),
    }),
  });
  const reference = builder.objectRef<UiReference>('UiReference').implement({
    description: 'Where a field points to.',
    fields: (t) => ({
      resource: t.exposeString('resource', { description: 'The GraphQL type of the other record.' }),
      objectField: t.exposeString('objectField', { description: 'The field that has the other record itself.' }),
    }),
  });

  return builder.objectRef<UiField>('UiField').implement({
    description: 'A field of a record, or an argument of an action.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name, in records, inputs and `where` alike.' }),
      label: t.exposeString('label', { description: 'What people call it.' }),
      help: t.exposeString('help', { description: 'What it means.' }),
      kind: t.field({ type: kind, description: 'What its value is.', resolve: (each) => each.kind }),
      type: t.exposeString('type', { description: 'The GraphQL type of a value, for variables; `[String!]` is a list.' }),
      nullable: t.exposeBoolean('nullable', { description: 'Whether it can be empty.' }),
      widget: t.field({ type: widget, description: 'How it is shown and edited.', resolve: (each) => each.widget }),
      widgetProps: t.expose('widgetProps', { type: 'JSON', description: 'What the widget needs to know, such as `{"currency":"USD"}`.' }),
      placeholder: t.exposeString('placeholder', { nullable: true, description: 'An example.' }),
      required: t.exposeBoolean('required', { description: 'Whether it must be given.' }),
      creatable: t.exposeBoolean('creatable', { description: 'Whether the viewer gives it to a new record.' }),
      updatable: t.exposeBoolean('updatable', { description: 'Whether the viewer may change it.' }),
      bulkEditable: t.exposeBoolean('bulkEditable', { description: 'Whether the viewer may change it for many at once.' }),
      searchable: t.exposeBoolean('searchable', { description: 'Whether `search` looks into it.' }),
      sortField: t.exposeString('sortField', { nullable: true, description: 'What `orderBy` calls it; null: not sorted by.' }),
      groupField: t.exposeString('groupField', { nullable: true, description: 'What `groupBy` calls it; null: not grouped by.' }),
      summable: t.exposeBoolean('summable', { description: 'Whether a summary adds it up.' }),
      operators: t.field({ type: [operator], description: 'How `where` can ask for it.', resolve: (each) => each.operators }),
      constraints: t.field({ type: constraints, description: 'What its value must be like.', resolve: (each) => each.constraints }),
      default: t.expose('default', { type: 'JSON', nullable: true, description: 'Default value.' }),
      section: t.exposeString('section', { nullable: true, description: 'The key of the section it stands in.' }),
      options: t.field({ type: [option], description: 'The values there are, in order.', resolve: (each) => each.options }),
      transitions: t.field({
        type: [transition],
        description: 'The legal steps, where a workflow moves it.',
        resolve: (each) => each.transitions,
      }),
      listEdit: t.field({
        type: listEdit,
        nullable: true,
        description: 'How entries are added and removed; null for what is no list.',
        resolve: (each) => each.listEdit,
      }),
      reference: t.field({ type: reference, nullable: true, description: 'Where it points to.', resolve: (each) => each.reference }),
    }),
  });
}

function constraintsType(builder: Builder): Ref<UiConstraints> {
  const nullable = true;
  return builder.objectRef<UiConstraints>('UiConstraints').implement({
    description: 'What a value must be like; null where nothing is asked.',
    fields: (t) => ({
      minLength: t.exposeInt('minLength', { nullable, description: 'Fewest characters.' }),
      maxLength: t.exposeInt('maxLength', { nullable, description: 'Most characters; in a list, of each entry.' }),
      maxItems: t.exposeInt('maxItems', { nullable, description: 'Most entries.' }),
      pattern: t.exposeString('pattern', { nullable, description: 'A regular expression, with the flag `u`.' }),
      patternMessage: t.exposeString('patternMessage', { nullable, description: 'What the pattern asks for: “is not …” without it.' }),
      min: t.exposeString('min', { nullable, description: 'The least.' }),
      max: t.exposeString('max', { nullable, description: 'The most.' }),
      scale: t.exposeInt('scale', { nullable, description: 'Most digits after the point.' }),
      unique: t.exposeBoolean('unique', { description: 'Whether no two records share it.' }),
    }),
  });
}

function enums(builder: Builder) {
  // Pothos infers values from literals; these are computed from the vocabulary.
  const listed = <Value extends string>(name: string, description: string, values: readonly Value[]) =>
    builder.enumType(name, {
      description,
      values: Object.fromEntries(values.map((value) => [constant(value), { value, description: `${words(value)}.` }])) as Record<
        string,
        { value: Value }
      >,
    });
  return {
    kind: listed<FieldKind>('UiKind', 'What a value is.', Object.keys(operatorsOf) as FieldKind[]), // its own keys
    widget: listed<Widget>('UiWidget', 'How a value is shown and edited.', widgets),
    color: listed<Color>('UiColor', 'What tells values apart, besides their names.', colors),
  };
}
