import type { Field } from '../../fields.ts';
import type { Write } from '../../resource.ts';
import type { Catalog, Model } from '../model/catalog.ts';
import { editableLists, listEditNames } from '../write/list-edit.ts';
import { creatable, mostChildren, updatable } from '../write/validation.ts';
import type { AnyInputField, Builder, InputBuilder, InputObjectRef } from './builder.ts';
import { jsonSchema, type ValueType } from './records.ts';

/** The input types of the resources' mutations. */
export interface InputTypes {
  create: Map<string, InputObjectRef>;
  update: Map<string, InputObjectRef>;
}

/** Builds `CustomerCreateInput` and `CustomerUpdateInput` for every resource. */
export function inputTypes(builder: Builder, catalog: Catalog, valueType: ValueType): InputTypes {
  const that = (write: Write) => [...catalog.values()].filter(({ writes }) => writes.includes(write));
  return {
    create: new Map(that('create').map((model) => [model.name, createInput(model)])),
    update: new Map(that('update').map((model) => [model.name, updateInput(model)])),
  };

  function createInput(model: Model): InputObjectRef {
    return builder.inputType(`${model.name}CreateInput`, {
      description: `A new ${model.label.one.toLowerCase()}. Fields with a default may be left out.`,
      extensions: unwritten(model),
      fields: (t) => ({ ...fields(t, creatable(model), true), ...childFields(t, model) }),
    });
  }

  function updateInput(model: Model): InputObjectRef {
    return builder.inputType(`${model.name}UpdateInput`, {
      description: 'Changes: a field left out stays as it is, null clears it.',
      fields: (t) => ({ ...fields(t, updatable(model), false), ...editFields(t, model) }),
    });
  }

  /** `addTags` and `removeTags`: each record keeps what else is in its list. */
  function editFields(t: InputBuilder, model: Model): Record<string, AnyInputField> {
    const edits = editableLists(updatable(model)).flatMap(([name, field]) => {
      const { add, remove } = listEditNames(name);
      // No example: that of the whole list stands beside it, and the two exclude each other.
      const extensions = { ...(field.scope && { needs: field.scope }), present: true, ...jsonSchema(field), example: undefined };
      return [
        [add, t.stringList({ description: `Added to \`${name}\`.`, extensions })],
        [remove, t.stringList({ description: `Removed from \`${name}\`.`, extensions })],
      ] as const;
    });
    return Object.fromEntries(edits);
  }

  function childFields(t: InputBuilder, model: Model): Record<string, AnyInputField> {
    const created = Object.values(model.relations).filter(({ create }) => create);
    return Object.fromEntries(
      created.map(({ name, target, key, describe }) => {
        const type = builder.inputType(`${model.name}${target.name}Input`, {
          description: `A new ${target.label.one.toLowerCase()} of a new ${model.label.one.toLowerCase()}.`,
          extensions: unwritten(target),
          fields: (child) =>
            fields(
              child,
              creatable(target).filter(([field]) => field !== key),
              true,
            ),
        });
        const description = `${describe} Created together with the record, at most ${mostChildren}.`;
        return [
          name,
          t.field({ type: [type], description, extensions: { schema: { maxItems: mostChildren }, needs: target.scopes.write } }),
        ];
      }),
    );
  }

  function fields(t: InputBuilder, accepted: [string, Field][], creating: boolean): Record<string, AnyInputField> {
    return Object.fromEntries(
      accepted.map(([name, field]) => {
        const type = valueType(field);
        const options = {
          required: creating && field.required,
          description: field.describe,
          extensions: {
            ...(field.scope && { needs: field.scope }),
            ...(field.target && { id: field.target }),
            ...(!field.nullable && { present: true }),
            ...jsonSchema(field),
          },
        };
        return [name, field.kind === 'textList' ? t.stringList(options) : t.field({ type, ...options })];
      }),
    );
  }
}

/** Adapters say of these names that they are known, and not written by whoever makes a record. */
function unwritten({ fields, relations }: Model) {
  return { unwritten: [...Object.keys(fields), ...Object.keys(relations)] };
}
