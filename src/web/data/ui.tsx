import { createContext, type ReactNode, use, useMemo } from 'react';
import { type Titles, titlesOf } from './documents.ts';
import type { UiResource, UiSchema } from './page.ts';

interface Ui extends UiSchema {
  /** By what the viewer is known: `person:7` for session 7, `development` where everybody on this machine is let in. */
  credential: string;
  titles: Titles;
  byName: ReadonlyMap<string, UiResource>;
  byKey: ReadonlyMap<string, UiResource>;
}

const UiContext = createContext<Ui | undefined>(undefined);

export function UiProvider({ schema, credential, children }: { schema: UiSchema; credential: string; children: ReactNode }) {
  const ui = useMemo(
    () => ({
      ...schema,
      credential,
      titles: titlesOf(schema.resources),
      byName: new Map(schema.resources.map((resource) => [resource.name, resource])),
      byKey: new Map(schema.resources.map((resource) => [resource.key, resource])),
    }),
    [schema, credential],
  );
  return <UiContext value={ui}>{children}</UiContext>;
}

/** What the viewer may see and do. */
export function useUi(): Ui {
  const ui = use(UiContext);
  if (!ui) throw new Error('useUi is for what stands within UiProvider');
  return ui;
}

/** Whether the viewer is let in without having signed in, as it is in development. */
export const isDevelopment = (credential: string): boolean => credential === 'development';

/** The part of the address that is a record, and back. */
export const addressOf = (
  resource: UiResource,
  record: { databaseId: number },
): { to: '/r/$resource/$id'; params: { resource: string; id: string } } => ({
  to: '/r/$resource/$id',
  params: { resource: resource.key, id: String(record.databaseId) },
});
