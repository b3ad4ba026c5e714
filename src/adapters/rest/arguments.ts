import type { GraphQLArgument } from 'graphql';
import type { InputIssue } from '../../errors.ts';
import { check, fromText, isRecord, unknownName } from './check.ts';
import {
  argumentsIn,
  headerOf,
  isByCursor,
  isPage,
  isRequired,
  isSelectable,
  limitsOf,
  type Operation,
  partsOf,
  placeOf,
} from './operation.ts';
import { decode, type Given, listed, oneText } from './query.ts';
import type { Endpoint } from './routes.ts';
import type { Selection } from './selection.ts';

/** A request, taken apart but not yet understood. */
export interface Parts {
  params: ReadonlyMap<string, string>;
  query: ReadonlyMap<string, Given>;
  headers: Headers;
  body: unknown;
}

export type Variables = Record<string, unknown>;

/** The values of an operation's arguments, each read from the one place that the operation has for it. */
export function readArguments(operation: Operation, parts: Parts, issues: InputIssue[]): Variables {
  const variables: Variables = {};
  const take = (arg: GraphQLArgument, value: unknown, path: InputIssue['path'] = [arg.name]) => {
    if (value === undefined && !isRequired(arg)) return;
    check(arg.type, value, path, issues, limitsOf(operation, arg));
    variables[arg.name] = value;
  };

  for (const arg of argumentsIn(operation, 'path')) {
    const text = decode(parts.params.get(arg.name) ?? '', arg.name, issues);
    take(arg, fromText(arg.type, [[text]]));
  }
  for (const arg of argumentsIn(operation, 'query')) {
    const given = parts.query.get(arg.name);
    take(arg, given && fromText(arg.type, given));
  }
  for (const arg of argumentsIn(operation, 'header')) take(arg, fromHeader(arg.name, parts.headers, issues));
  for (const arg of argumentsIn(operation, 'whole body')) take(arg, parts.body, []);
  const fields = argumentsIn(operation, 'body');
  const body = bodyObject(operation, parts.body, fields, issues);
  if (body) for (const arg of fields) take(arg, Object.hasOwn(body, arg.name) ? body[arg.name] : undefined);
  refuseVersion(operation, parts.headers, issues);
  return variables;
}

function bodyObject(operation: Operation, body: unknown, fields: readonly GraphQLArgument[], issues: InputIssue[]) {
  if (operation.rest.body) return undefined;
  if (body === undefined) return {};
  if (!isRecord(body)) return void issues.push({ path: [], message: 'the body must be a JSON object' });
  const known = fields.map((arg) => arg.name);
  for (const name of Object.keys(body)) {
    if (known.includes(name)) continue;
    const message = misplaced(operation, name) ?? operation.unwritten.get(name) ?? unknownName('field', name, known);
    issues.push({ path: [name], message });
  }
  return body;
}

/** A parameter that exists, but is written elsewhere: the most helpful thing to say is where. */
function misplaced(operation: Operation, name: string): string | undefined {
  if (!operation.args.has(name)) return undefined;
  const place = placeOf(operation, name);
  return place === 'header' ? `is given in the header ${headerOf[name]}` : `is given in the ${place}`;
}

/** Reports parameters that nobody would read, and parameters given twice. */
export function checkQuery(operation: Operation, endpoint: Endpoint, query: Parts['query'], issues: InputIssue[]): void {
  const args = argumentsIn(operation, 'query');
  const flags = [...endpoint.flagged.keys()];
  const lists = new Set(isSelectable(operation) ? ['include', 'fields'] : []);
  const switches = [...flags, ...(isPage(operation) ? ['withTotal'] : [])];
  const known = [...args.map((arg) => arg.name), ...switches, ...lists];
  for (const [name, given] of query) {
    if (!known.includes(name)) {
      issues.push({ path: [name], message: misplaced(operation, name) ?? unknownName('parameter', name, known) });
    } else if (switches.includes(name) && !(given.length === 1 && ['true', 'false'].includes(oneText(given)))) {
      issues.push({ path: [name], message: 'must be true or false' });
    } else if (given.length > 1 && !lists.has(name) && !isList(operation.args.get(name))) {
      issues.push({ path: [name], message: 'is given more than once' });
    }
  }
}

const isList = (arg: GraphQLArgument | undefined): boolean => arg?.type.toString().startsWith('[') === true;

/** What `include`, `fields` and `withTotal` ask for; nothing said means the record's own values. */
export function readSelection(operation: Operation, query: Parts['query'], issues: InputIssue[]): Selection {
  if (!operation.record || !isSelectable(operation)) return {};
  const uncounted = isPage(operation) && isByCursor(query) && oneText(query.get('withTotal') ?? []) !== 'true';
  const { values, relations } = partsOf(operation.record);
  const named = (parameter: string, known: readonly string[], others: readonly string[], hint: string) => {
    const given = query.get(parameter);
    if (!given) return undefined;
    const names = listed(given).filter((name) => name !== '');
    for (const name of names)
      if (!known.includes(name))
        issues.push({ path: [parameter], message: `"${name}" ${others.includes(name) ? hint : unknownName('name', name, known)}` });
    // In the order of the type, so that the same choice is the same document however it was written.
    return known.filter((name) => names.includes(name));
  };
  const fields = named('fields', values, relations, 'is a relation: name it in "include"');
  const include = named('include', relations, values, 'is a field, not a relation: it is there without "include"');
  if (fields?.length === 0 && !issues.length) issues.push({ path: ['fields'], message: 'must name at least one field' });
  return { ...(fields ? { fields } : {}), ...(include?.length ? { include } : {}), ...(uncounted && { uncounted }) };
}

function fromHeader(argument: string, headers: Headers, issues: InputIssue[]): unknown {
  const value = headers.get(headerOf[argument] ?? argument)?.trim();
  if (value === undefined || argument !== 'expectedVersion') return value;
  if (value === '*') return undefined;
  // W/ is what a compressing proxy makes of our tags; the version inside is still the version.
  const version = /^(?:W\/)?"(\d{1,10})"$/.exec(value)?.[1];
  if (version === undefined) issues.push({ path: ['If-Match'], message: 'must be the ETag of one record, such as "3", or *' });
  return version === undefined ? undefined : Number(version);
}

/** Ignoring a version that the caller insists on would lose somebody's update. */
function refuseVersion(operation: Operation, headers: Headers, issues: InputIssue[]): void {
  if (operation.root === 'query' || operation.args.has('expectedVersion') || !headers.has('If-Match')) return;
  if (headers.get('If-Match')?.trim() === '*') return;
  const instead = operation.args.has('expectedVersions') ? 'give `expectedVersions` instead, one for each id' : 'leave it out';
  issues.push({ path: ['If-Match'], message: `is not supported by this operation: ${instead}` });
}
