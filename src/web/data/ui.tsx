import { createContext, type ReactNode, use, useMemo } from 'react';
import { type Titles, titlesOf } from './documents.ts';
import type { UiResource, UiSchema } from './page.ts';

interface Ui extends UiSchema {
  titles: Titles;
  byName: ReadonlyMap<string, UiResource>;
  byKey: ReadonlyMap<string, UiResource>;
}

const UiContext = createContext<Ui | undefined>(undefined);

export function UiProvider({ schema, children }: { schema: UiSchema; children: ReactNode }) {
  const ui = useMemo(
    () => ({
      ...schema,
      titles: titlesOf(schema.resources),
      byName: new Map(schema.resources.map((resource) => [resource.name, resource])),
      byKey: new Map(schema.resources.map((resource) => [resource.key, resource])),
    }),
    [schema],
  );
  return <UiContext value={ui}>{children}</UiContext>;
}

/** What the viewer may see and do. */
export function useUi(): Ui {
  const ui = use(UiContext);
  if (!ui) throw new Error('useUi is for what stands within UiProvider');
  return ui;
}

/** The part of the address that is a record, and back. */
export const addressOf = (
  resource: UiResource,
  record: { databaseId: number },
): { to: '/r/$resource/$id'; params: { resource: string; id: string } } => ({
  to: '/r/$resource/$id',
  params: { resource: resource.key, id: String(record.databaseId) },
});
