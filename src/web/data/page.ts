import { graphql } from '../gql/gql.ts';
import type { PageDataQuery } from '../gql/graphql.ts';

/** What every page needs before it can be drawn; the server answers it within the page. */
export const pageDocument = graphql(`
  query PageData {
    uiSchema {
      viewer { actor name role may }
      undoLimit
      resources {
        name key label labelPlural description icon { name nodes } nav { group order }
        titleField subtitleField softDelete deletionUndoable searchable history pageSize maxPageSize
        fields { ...UiFieldParts }
        columns { field align visible priority }
        sections { key label }
        relations { name label description resource connectionField foreignKey embedded creatable }
        actions { name label description icon { name nodes } mutation fields { ...UiFieldParts } confirm when { field in } }
        views { key label where orderBy }
        board { field sumField cardFields }
        operations {
          list summary get create update delete restore destroy erase export upsert createMany updateMany deleteMany
          whereType orderByType createInput updateInput
        }
      }
    }
    me { credential }
    changes(last: 1) { pageInfo { endCursor } }
  }
  fragment UiFieldParts on UiField {
    name label help kind type nullable widget widgetProps placeholder required creatable updatable bulkEditable searchable
    sortField groupField summable
    operators { key label kind list }
    listEdit { add remove }
    constraints { minLength maxLength maxItems pattern patternMessage min max scale unique }
    default section
    options { value label help color }
    transitions { from to mutation }
    reference { resource objectField }
  }
`);

export type PageData = PageDataQuery;
/** What the server wrote into the page: null for a stranger, undefined where it wrote nothing, as in development. */
export function writtenPage(): PageData | null | undefined {
  const written = document.getElementById('page-data')?.textContent;
  return written ? (JSON.parse(written) as PageData | null) : undefined;
}

export type UiSchema = PageData['uiSchema'];
export type UiResource = UiSchema['resources'][number];
export type UiField = UiResource['fields'][number];
export type UiAction = UiResource['actions'][number];
export type UiRelation = UiResource['relations'][number];
export type UiOption = UiField['options'][number];
export type UiOperator = UiField['operators'][number];
export type UiIcon = UiResource['icon'];

/** A record as the generic pages have it: what it consists of is known at run time only. */
export interface Entity {
  id: string;
  databaseId: number;
  version: number;
  [field: string]: unknown;
}
