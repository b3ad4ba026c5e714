import type { Answered, McpClient } from './clients.ts';

type Arguments = Record<string, unknown>;
type Tool = Awaited<ReturnType<McpClient['tools']>>[number];

/**
 * An assistant without a model: it chooses tools by the words of their descriptions and follows what errors say to do
 * next. What it cannot do from these alone, no model should have to guess.
 */
export function scriptedAssistant(client: McpClient, tools: readonly Tool[]) {
  const transcript: string[] = [];
  const told = (line: string) => void transcript.push(line);

  /** The tool whose name, title and description have most of the words of the wish. */
  function choose(wish: string): Tool {
    const wanted = wordsOf(wish);
    const ranked = tools.map((tool) => ({ tool, score: scoreOf(tool, wanted) })).sort((a, b) => b.score - a.score);
    const [best] = ranked;
    if (!best) throw new Error('No tools');
    return best.tool;
  }

  async function call(tool: Tool, args: Arguments): Promise<Answered> {
    const answer = await client.call(tool.name, args);
    told(`→ ${tool.name} ${JSON.stringify(args)}`);
    told(`← ${answer.text}`);
    return answer;
  }

  /** Does what is wished; after an error, what the error says. */
  async function perform(wish: string, wanted: Arguments): Promise<Answered> {
    told(`**${wish}**`);
    const tool = choose(wish);
    let args = wanted;
    for (let attempt = 0; attempt < 8; attempt++) {
      const answer = await call(tool, args);
      if (!answer.code) {
        if (args === wanted || !detours.has(args)) return answer;
        args = wanted;
      } else {
        const next = await corrected(answer.text, args);
        if (!next) return answer;
        args = next;
      }
    }
    throw new Error(`No end to ${wish}:\n${transcript.join('\n')}`);
  }

  /** Steps towards what is wished, after which it is tried again. */
  const detours = new WeakSet<Arguments>();

  async function corrected(error: string, args: Arguments): Promise<Arguments | undefined> {
    const misspelt = [...error.matchAll(/(\w+): is not a known argument\. Did you mean "(\w+)"\?/g)];
    if (misspelt.length) return Object.fromEntries(Object.entries(args).map(([name, value]) => [renamed(misspelt, name), value]));
    const value = /([a-z]\w*): [^:]*Did you mean "?(\w+)"?\?/.exec(error);
    if (value?.[1] && value[2]) return { ...args, [value[1]]: value[2] };
    const token = /confirm_token (\S+)\.$/.exec(error)?.[1];
    if (token) return { ...args, confirm_token: token };
    const allowed = /It can become (\w+)/.exec(error)?.[1];
    if (allowed) {
      const step = { ...args, status: allowed };
      detours.add(step);
      return step;
    }
    const look = /look at the current state with (\w+) \(id (\d+)\)/.exec(error);
    const getter = tools.find(({ name }) => name === look?.[1]);
    if (!getter || args['expected_version'] === undefined) return undefined;
    const { data } = await call(getter, { id: Number(look?.[2]) });
    return { ...args, expected_version: data?.['version'] };
  }

  /** All records of a list, page by page, as the answers say where they go on. */
  async function readAll(wish: string, args: Arguments): Promise<unknown[]> {
    const all: unknown[] = [];
    for (let after: unknown; ; ) {
      const { data } = await perform(wish, { ...args, ...(after !== undefined && { after }) });
      all.push(...((data?.['items'] ?? []) as unknown[]));
      const info = data?.['page_info'] as { has_next_page: boolean; end_cursor?: string } | undefined;
      if (!info?.has_next_page) return all;
      after = info.end_cursor;
    }
  }

  return { perform, readAll, transcript };
}

const renamed = (pairs: readonly RegExpExecArray[], name: string): string => pairs.find(([, wrong]) => wrong === name)?.[2] ?? name;

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z]+/g) ?? [];

function scoreOf({ name, title = '', description = '' }: Tool, wanted: readonly string[]): number {
  const [inName, inTitle, inDescription] = [name.split('_'), wordsOf(title), wordsOf(description)];
  const hits = wanted.map(
    (word) => (inName.includes(word) ? 4 : 0) + (inTitle.includes(word) ? 2 : 0) + (inDescription.includes(word) ? 1 : 0),
  );
  // Of two that fit alike, the one that says less besides.
  return hits.reduce((sum, each) => sum + each, 0) - inName.filter((word) => !wanted.includes(word)).length;
}
