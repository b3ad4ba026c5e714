import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { createLRUCache } from 'graphql-yoga';
import { badInput } from '../../errors.ts';
import { documentLimits, tooCostly } from './cost.ts';

const mostDocuments = 500;
/** Longer ones are not worth the memory. */
const longestKept = 20_000;
/** More say nothing new, and each may look for similar names in the whole schema. */
const mostErrors = 10;

/** Documents by their text: parsed and validated once, within limits. */
export interface Documents {
  /** Throws what is wrong with the syntax. */
  parse(text: string): DocumentNode;
  /** What is wrong with a document; nothing is forgotten as long as the document lives. */
  validate(document: DocumentNode): readonly GraphQLError[];
}

export function documents(schema: GraphQLSchema, { introspection }: { introspection: boolean }): Documents {
  const valid = createLRUCache<DocumentNode>({ max: mostDocuments });
  const known = new WeakMap<DocumentNode, readonly GraphQLError[]>();
  const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];

  function judge(document: DocumentNode): readonly GraphQLError[] {
    const refusal = tooCostly(document);
    if (refusal) return [refusal];
    return validate(schema, document, rules, { maxErrors: mostErrors, hideSuggestions: !introspection });
  }

  return {
    parse: (text) => valid.get(text) ?? parseWithinLimits(text),
    validate: (document) => {
      const errors = known.get(document) ?? judge(document);
      known.set(document, errors);
      const text = document.loc?.source.body ?? '';
      // Only those that are asked for by somebody who may: what is wrong is never kept, so that it pushes nothing out.
      if (!errors.length && text.length <= longestKept) valid.set(text, document);
      return errors;
    },
  };
}

function parseWithinLimits(text: string): DocumentNode {
  try {
    return parse(text, { maxTokens: documentLimits.tokens });
  } catch (error) {
    // The parser goes as deep as the brackets do, and the stack does not.
    if (error instanceof RangeError) throw badInput([{ path: [], message: 'The document is nested too deeply.' }]);
    throw error;
  }
}

/** Whether all that a document asks for is the schema itself. */
export const asksForSchemaAlone = ({ definitions }: DocumentNode): boolean =>
  definitions.every(
    (definition) =>
      definition.kind !== Kind.OPERATION_DEFINITION ||
      definition.selectionSet.selections.every((selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith('__')),
  );
