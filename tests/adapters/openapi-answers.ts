import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

interface Answered {
  method: string;
  /** As the document has it: `/customers/{id}`. */
  template: string;
  response: Response;
}

interface Described {
  $ref?: string;
  content?: Record<string, unknown>;
}

/** Tells what of an answer is not as the OpenAPI document says: its status, its type, or what is in it. */
export function answerChecks(source: string) {
  const document = JSON.parse(source) as Record<string, unknown>;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  // Of numbers OpenAPI has formats that JSON Schema does not know.
  for (const format of ['int32', 'double', 'decimal']) ajv.addFormat(format, true);
  addFormats.default(ajv);
  ajv.addSchema(document, 'openapi');

  const at = (path: readonly string[]) =>
    path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
  const pointer = (path: readonly string[]) => path.map((key) => key.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');

  return async ({ method, template, response }: Answered): Promise<string[]> => {
    const { status } = response;
    const asked = `${method} ${template}: ${status}`;
    const path = ['paths', template, method.toLowerCase(), 'responses', String(status)];
    const described = at(path) as Described | undefined;
    if (!described) return [`${asked} is not in the document`];
    const found = described.$ref ? described.$ref.replace('#/', '').split('/') : path;
    const { content } = at(found) as Described;
    const text = await response.text();
    const [type = ''] = response.headers.get('content-type')?.split(';') ?? [];
    if (!content) return text ? [`${asked} has a body`] : [];
    if (!content[type]) return [`${asked} is ${type}`];
    const validate = ajv.compile({ $ref: `openapi#/${pointer([...found, 'content', type, 'schema'])}` });
    return validate(JSON.parse(text)) ? [] : [`${asked}: ${ajv.errorsText(validate.errors)} in ${text.slice(0, 300)}`];
  };
}
