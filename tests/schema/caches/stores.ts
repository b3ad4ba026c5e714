import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  introspectionFromSchema,
  isAbstractType,
  isListType,
  isObjectType,
  Kind,
  OperationTypeNode,
  parse,
  type SelectionSetNode,
  TypeInfo,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import {
  Client,
  type ConcreteRequest,
  cacheExchange,
  createOperationDescriptor,
  Environment,
  fetchExchange,
  InMemoryCache,
  Network,
  type NormalizationSelection,
  RecordSource,
  Store,
} from '../../tools/caches.ts';

/** A client's normalising store: takes an answer in, and tells later what it makes of it. */
export interface NormalisingStore {
  write(document: string, data: unknown): Promise<void>;
  read(document: string): Promise<unknown>;
}

export type OpenStore = (schema: GraphQLSchema) => NormalisingStore;

const objectTypes = (schema: GraphQLSchema) => Object.values(schema.getTypeMap()).filter(isObjectType);

export const apollo: OpenStore = (schema) => {
  const abstract = Object.values(schema.getTypeMap()).filter(isAbstractType);
  const possibleTypes = Object.fromEntries(abstract.map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]));
  const cache = new InMemoryCache({ possibleTypes });
  return {
    write: async (document, data) => void cache.writeQuery({ query: parse(document), data: data as Record<string, unknown> }),
    read: async (document) => cache.readQuery({ query: parse(document) }),
  };
};

/** Types without an id are embedded, as the makers of graphcache advise for those that are no entities. */
export const graphcache: OpenStore = (schema) => {
  const keyless = objectTypes(schema).filter((type) => !type.getFields()['id']);
  const keys = Object.fromEntries(keyless.map(({ name }) => [name, () => null]));
  let answer: unknown;
  const client = new Client({
    url: 'http://localhost/graphql',
    preferGetMethod: false,
    exchanges: [cacheExchange({ schema: introspectionFromSchema(schema), keys }), fetchExchange],
    fetch: async () => Response.json({ data: answer }),
  });
  return {
    write: async (document, data) => {
      answer = data;
      await client.query(document, {}, { requestPolicy: 'network-only' }).toPromise();
    },
    read: async (document) => (await client.query(document, {}, { requestPolicy: 'cache-only' }).toPromise()).data,
  };
};

/** relay-runtime with what relay-compiler would have made of the document. */
export const relay: OpenStore = (schema) => {
  const store = new Store(new RecordSource(), { gcReleaseBufferSize: 1000 });
  const environment = new Environment({ store, network: Network.create(() => Promise.reject(new Error('offline'))) });
  const descriptor = (document: string) => createOperationDescriptor(concreteRequest(schema, document), {});
  return {
    write: async (document, data) => void environment.commitPayload(descriptor(document), data as never),
    read: async (document) => environment.lookup(descriptor(document).fragment).data,
  };
};

function concreteRequest(schema: GraphQLSchema, text: string): ConcreteRequest {
  const document = parse(text);
  const selections = relaySelections(schema, document);
  const type = 'Query';
  const name = 'Everything';
  return {
    kind: 'Request',
    fragment: { kind: 'Fragment', name, type, argumentDefinitions: [], metadata: null, selections, abstractKey: null },
    operation: { kind: 'Operation', name, argumentDefinitions: [], selections },
    params: { id: null, cacheID: text, name, operationKind: OperationTypeNode.QUERY, text, metadata: {} },
  } as unknown as ConcreteRequest; // two readings of one list of selections, as the compiler makes them where nothing is masked
}

function relaySelections(schema: GraphQLSchema, document: DocumentNode): NormalizationSelection[] {
  const types = new TypeInfo(schema);
  const made = visit(
    document,
    visitWithTypeInfo(types, {
      Field: {
        // The type is known on the way in, what is below on the way out.
        enter: (node) => {
          const named = getNamedType(types.getType());
          const plural = isListType(getNullableType(types.getType()));
          return { ...node, relay: { concreteType: isObjectType(named) ? named.name : null, plural } };
        },
        leave: relayField,
      },
      InlineFragment: {
        leave: ({ typeCondition, selectionSet }) =>
          ({ kind: 'InlineFragment', type: typeCondition?.name.value, abstractKey: null, selections: below(selectionSet) }) as never,
      },
    }),
  ) as DocumentNode;
  const [operation] = made.definitions;
  return operation?.kind === Kind.OPERATION_DEFINITION ? below(operation.selectionSet) : [];
}

const below = (set: SelectionSetNode | undefined) => (set?.selections ?? []) as unknown as NormalizationSelection[]; // made above

function relayField(node: FieldNode & { relay?: { concreteType: string | null; plural: boolean } }) {
  const args = (node.arguments ?? []).map(({ name, value }) => ({ kind: 'Literal', name: name.value, value: valueFromASTUntyped(value) }));
  const field = { alias: null, name: node.name.value, args: args.length ? args : null, storageKey: null };
  return node.selectionSet
    ? { kind: 'LinkedField', ...field, ...node.relay, selections: below(node.selectionSet) }
    : ({ kind: 'ScalarField', ...field } as never);
}
