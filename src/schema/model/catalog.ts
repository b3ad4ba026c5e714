import type { Field } from '../../fields.ts';
import { type Resource, words } from '../../resource.ts';
import { grantableScopes } from './scopes.ts';

/** A relation as the machine follows it, from either side of one reference field. */
export interface Relation {
  name: string;
  target: Model;
  many: boolean;
  /** The reference field: of the target when `many`, of the model itself otherwise. */
  key: string;
  describe: string;
  label: string;
  /** Can be created together with the record. */
  create: boolean;
  cascade: boolean;
}

/** A resource whose relations are resolved to the resources they point to. */
export type Model = Omit<Resource, 'relations'> & {
  relations: Record<string, Relation>;
  /** Whatever points here and does not go along when a record is destroyed. */
  referrers: Referrer[];
};

/** A reference field, seen from what it points to. */
export interface Referrer {
  source: Model;
  key: string;
}

/** Resources by name, in navigation order. */
export type Catalog = ReadonlyMap<string, Model>;

/** Links the resources to one another; a relation to something that is not in the list stops the start with its name. */
export function createCatalog(resources: readonly Resource[]): Catalog {
  const catalog = new Map<string, Model>();
  for (const resource of resources) {
    if (catalog.has(resource.name)) throw new Error(`Resource ${resource.name} is listed twice`);
    catalog.set(resource.name, { ...resource, fields: spelledOut(resource, resources), relations: {}, referrers: [] });
  }
  for (const resource of resources) {
    const model = find(catalog, resource.name, 'the list');
    refuseHiddenNames(model);
    model.relations = { ...referencesOf(catalog, resource), ...listsOf(catalog, resource) };
  }
  for (const model of catalog.values()) model.referrers = referrersOf(catalog, model);
  return catalog;
}

/** Fields, with what `among` stands for spelt out. */
function spelledOut({ fields }: Resource, resources: readonly Resource[]): Model['fields'] {
  const among = {
    resources: resources.filter(({ business }) => business).map(({ name }) => name),
    scopes: grantableScopes(resources),
  };
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      typeof field.among === 'string' ? { ...field, among: among[field.among] } : field,
    ]),
  );
}

/** `customerId` gives the relation `customer`. */
function referencesOf(catalog: Catalog, resource: Resource): Record<string, Relation> {
  const relations: Record<string, Relation> = {};
  for (const [key, field] of Object.entries(resource.fields)) {
    if (field.kind !== 'reference' || !field.target) continue;
    const name = key.replace(/Id$/, '');
    const target = find(catalog, field.target, `${resource.name}.${key}`);
    relations[name] = {
      name,
      target,
      many: false,
      key,
      describe: field.describe,
      label: field.label ?? name,
      create: false,
      cascade: false,
    };
  }
  return relations;
}

function referrersOf(catalog: Catalog, model: Model): Referrer[] {
  const goesAlong = ({ source, key }: Referrer) =>
    Object.values(model.relations).some((relation) => relation.cascade && relation.target === source && relation.key === key);
  return [...catalog.values()]
    .flatMap((source) => Object.keys(source.fields).flatMap((key) => (source.fields[key]?.target === model.name ? [{ source, key }] : [])))
    .filter((referrer) => !goesAlong(referrer));
}

function listsOf(catalog: Catalog, resource: Resource): Record<string, Relation> {
  return Object.fromEntries(
    Object.entries(resource.relations).map(([name, { via, label, ...relation }]) => {
      const target = find(catalog, relation.target, `${resource.name}.${name}`);
      const keys = Object.keys(target.fields).filter((key) => (via ? key === via : target.fields[key]?.target === resource.name));
      const [key] = keys;
      if (!key || keys.length > 1) {
        throw new Error(
          `${resource.name}.${name}: ${target.name} has ${keys.length} references to ${resource.name}; name one with \`via\``,
        );
      }
      // Of two lists of one kind, people have to tell which is which.
      return [name, { ...relation, name, target, many: true, key, label: label ?? (via ? words(name) : target.label.many) }];
    }),
  );
}

/** Titles, owners and searchable fields cannot be scoped. */
function refuseHiddenNames({ name, title, fields, owned, personal }: Model): void {
  const owners = owned ? ('by' in owned ? owned.by : owned.through) : [];
  const open = [
    title,
    ...[owners].flat(),
    personal?.owner ?? title,
    personal?.shared ?? title,
    ...Object.keys(fields).filter((field) => fields[field]?.search),
  ];
  const hidden = open.find((field) => fields[field]?.scope);
  if (hidden) throw new Error(`${name}.${hidden} has a scope, and is the title, the owner or searched; that would tell it`);
}

/** `CustomerStatus`: what Prisma calls it, and GraphQL too. */
export const enumName = ({ name }: Pick<Model, 'name'>, field: string, { named }: Pick<Field, 'named'>): string =>
  named ?? name + field.charAt(0).toUpperCase() + field.slice(1);

function find(catalog: Catalog, name: string, from: string): Model {
  const model = catalog.get(name);
  if (!model) throw new Error(`${from} points to ${name}, which is not in the list of resources`);
  return model;
}
