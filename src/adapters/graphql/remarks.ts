import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../context.ts';
import { withRemarks } from './result.ts';

/** Has every answer say what is to be said beside it. Events of subscriptions have nothing beside them. */
export const remarks: Plugin = {
  onExecute: ({ args }) => ({
    onExecuteDone({ result, setResult }) {
      // Yoga types plugins by the context they add; this one is there before any of them.
      const context = args.contextValue as object as Context;
      if (!(Symbol.asyncIterator in result)) setResult(withRemarks(result, context));
    },
  }),
};
