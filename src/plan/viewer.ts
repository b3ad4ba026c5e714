import { type DocumentNode, execute, Kind, type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import type { Principal } from '../access.ts';
import type { Context } from '../context.ts';
import type { Variant } from './document.ts';
import type { Field, Root } from './reads.ts';
import { standard } from './standard.ts';

/**
 * What depends on nothing but who asks is resolved once for each principal, which is another one after some seconds and
 * whenever rights have changed.
 */
export function viewerRoot(variant: Variant, { key, nodes, field }: Field, operation: OperationDefinitionNode): Root {
  if (field.args.length || operation.variableDefinitions?.length) standard('what depends on more than who asks');
  const definition: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: OperationTypeNode.QUERY,
    selectionSet: { kind: Kind.SELECTION_SET, selections: nodes },
  };
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [definition, ...variant.fragments.values()] };
  const known = new WeakMap<Principal, Promise<string>>();

  async function resolve(contextValue: Context): Promise<string> {
    const { data, errors } = await execute({ schema: variant.schema, document, contextValue });
    if (errors?.length || !data) return standard('refused');
    return Buffer.from(JSON.stringify(data[key])).toString('latin1');
  }

  return ({ principal, context }) => {
    const text = known.get(principal) ?? resolve(context);
    known.set(principal, text);
    let told = '';
    const ready = text.then((resolved) => void (told = resolved));
    // If another root fails first, nobody awaits this one: its failure must not go unhandled.
    ready.catch(() => {});
    return { ready, text: () => told, tell: () => {} };
  };
}
