import { readJsonText } from '../../body.ts';
import { DomainError } from '../../errors.ts';

/** The JSON in a request's body, or undefined when there is none. */
export async function readBody(request: Request): Promise<unknown> {
  const text = await readJsonText(request);
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    // SyntaxError is all that JSON.parse throws; its message says where the text went wrong.
    throw new DomainError('BAD_INPUT', `The body is not valid JSON: ${(error as SyntaxError).message}`);
  }
}
