import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Validator } from '@seriousme/openapi-schema-validator';

/** All that Redocly's recommended rules have against a document, errors and warnings. */
export async function lint(source: string): Promise<string[]> {
  const config = await createConfig({
    extends: ['recommended'],
    // customers/by-status/{status} and customers/{id}/upgrade, both the tutorial's, do meet in
    // customers/by-status/upgrade: the most literal path wins, and ids are numbers.
    rules: { 'no-ambiguous-paths': 'off' },
  });
  const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config });
  return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`);
}

/** Whether the document is what the specification's own JSON Schema says. */
export const validate = (source: string) => new Validator().validate(JSON.parse(source));
