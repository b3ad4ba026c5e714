import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { answered, idsIn, markStale, patch, refresh, refreshAround, refreshDerived } from './cache.ts';
import { type Connection, follow, type LiveChange } from './live.ts';
import type { PageData } from './page.ts';
import { fetchNodes } from './reads.ts';
import { useUi } from './ui.tsx';
import { isOwn } from './writes.ts';

/** How long changes are gathered before their values are asked for together. */
const gatherMs = 60;
const flashMs = 1600;

/** What a page follows besides values: rows that just changed, and lists that others added to. */
class News {
  readonly flashed = new Set<string>();
  readonly waiting = new Map<string, number>();
  private readonly listeners = new Set<() => void>();

  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  private tell() {
    for (const listener of this.listeners) listener();
  }

  flash(ids: readonly string[]) {
    if (ids.length === 0) return;
    for (const id of ids) this.flashed.add(id);
    this.tell();
    setTimeout(() => {
      for (const id of ids) this.flashed.delete(id);
      this.tell();
    }, flashMs);
  }

  add(resource: string, count: number) {
    this.waiting.set(resource, (this.waiting.get(resource) ?? 0) + count);
    this.tell();
  }

  seen(resource: string) {
    if (this.waiting.delete(resource)) this.tell();
  }
}

/** What happened to a kind of records since one last looked. */
interface Gathered {
  updated: Set<string>;
  /** Those that were updated from here: that is no news. */
  mine: Set<string>;
  /** How many came or went. */
  others: number;
}

/** How many records are asked for together. */
const atOnce = 100;

interface Live {
  connection: Connection;
  news: News;
}

const LiveContext = createContext<Live | undefined>(undefined);

/** Keeps everything that was fetched up to date with what others do. */
export function LiveProvider({ since, children }: { since: PageData['changes']['pageInfo']['endCursor']; children: ReactNode }) {
  const client = useQueryClient();
  const { byName, titles } = useUi();
  const [connection, onConnection] = useState<Connection>('connecting');
  const news = useMemo(() => new News(), []);

  useEffect(() => {
    const gathered = new Map<string, Gathered>();
    let timer = 0;

    const bringUpToDate = async (name: string, { updated, mine, others }: Gathered) => {
      const resource = byName.get(name);
      // An answer that is on its way may be from before the change, and would undo it.
      await answered(client, name);
      const cached = idsIn(client);
      const shown = [...updated].filter((id) => cached.has(id));
      for (let start = 0; resource && start < shown.length; start += atOnce)
        for (const record of await fetchNodes(resource, titles, shown.slice(start, start + atOnce))) patch(client, record);
      news.flash(shown.filter((id) => !mine.has(id)));
      if (others > 0) {
        news.add(name, others);
        await refreshAround(client, name);
      }
      await refreshDerived(client, name);
    };

    // One round after the other: however much happens, the server is not asked faster than it answers.
    const work = async () => {
      while (gathered.size > 0) {
        const round = [...gathered];
        gathered.clear();
        for (const [name, changes] of round) await bringUpToDate(name, changes).catch(() => markStale(client, name));
      }
      timer = 0;
    };

    const onChange = ({ resource, id, op, changeSet }: LiveChange) => {
      const own = isOwn(changeSet);
      if (own && op !== 'updated') return;
      const changes = gathered.get(resource) ?? { updated: new Set(), mine: new Set(), others: 0 };
      const global = `${resource}:${id}`;
      if (op !== 'updated') changes.others++;
      else {
        changes.updated.add(global);
        changes.mine[own ? 'add' : 'delete'](global);
      }
      gathered.set(resource, changes);
      timer ||= window.setTimeout(() => void work(), gatherMs);
    };

    const stop = follow({ since: since ?? null, onChange, onConnection, onGap: () => void client.invalidateQueries() });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [client, byName, titles, news, since]);

  const online = useOnline();
  const live = useMemo(() => ({ connection: online ? connection : 'offline', news }) as const, [online, connection, news]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

const subscribeOnline = (listener: () => void) => {
  for (const name of ['online', 'offline']) window.addEventListener(name, listener);
  return () => {
    for (const name of ['online', 'offline']) window.removeEventListener(name, listener);
  };
};

/** What the browser knows before the stream does: it may stand for minutes without a connection. */
const useOnline = (): boolean => useSyncExternalStore(subscribeOnline, () => navigator.onLine);

function useLive(): Live {
  const live = use(LiveContext);
  if (!live) throw new Error('useLive is for what stands within LiveProvider');
  return live;
}

export const useConnection = (): Connection => useLive().connection;

/** Whether somebody just changed the record. */
export function useFlash(id: string): boolean {
  const { news } = useLive();
  return useSyncExternalStore(news.subscribe, () => news.flashed.has(id));
}

/** How many records of a kind others added or took away since the list was fetched, and the way to see them. */
export function useWaiting(resource: string): { count: number; show(): Promise<void> } {
  const client = useQueryClient();
  const { news } = useLive();
  const count = useSyncExternalStore(news.subscribe, () => news.waiting.get(resource) ?? 0);
  const show = async () => {
    news.seen(resource);
    await refresh(client, resource);
  };
  return { count, show };
}
