import { readJsonText } from '../../body.ts';
import { DomainError } from '../../errors.ts';

/** The JSON in a request's body, or undefined when there is none. */
export const readBody = async (request: Request): Promise<unknown> => parseBody(await readJsonText(request));

/** The same of a body whose text is there. */
export function parseBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    // SyntaxError is all that JSON.parse throws; its message says where the text went wrong.
    throw new DomainError('BAD_INPUT', `The body is not valid JSON: ${(error as SyntaxError).message}`);
  }
}
