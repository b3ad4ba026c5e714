import type { Color, FieldKind, Operator, Widget } from '../../fields.ts';

// Metadata for user interfaces. Whatever the viewer may not see or do is not in it.

export interface UiSchema {
  viewer: { id: string; name: string; role: string; may: string[] };
  resources: UiResource[];
  undoLimit: number;
}

export interface UiResource {
  name: string;
  key: string;
  label: string;
  labelPlural: string;
  description: string;
  icon: string;
  nav: { group: string; order: number } | null;
  titleField: string;
  subtitleField: string | null;
  softDelete: boolean;
  deletionUndoable: boolean;
  searchable: boolean;
  history: boolean;
  pageSize: number;
  maxPageSize: number;
  fields: UiField[];
  columns: UiColumn[];
  sections: UiSection[];
  relations: UiRelation[];
  actions: UiAction[];
  views: UiView[];
  board: UiBoard | null;
  operations: UiOperations;
}

export interface UiField {
  name: string;
  label: string;
  help: string;
  kind: FieldKind;
  type: string;
  nullable: boolean;
  widget: Widget;
  widgetProps: Readonly<Record<string, unknown>>;
  placeholder: string | null;
  required: boolean;
  creatable: boolean;
  updatable: boolean;
  bulkEditable: boolean;
  searchable: boolean;
  sortField: string | null;
  groupField: string | null;
  summable: boolean;
  operators: UiOperator[];
  constraints: UiConstraints;
  default: unknown;
  section: string | null;
  options: UiOption[];
  transitions: UiTransition[];
  reference: UiReference | null;
  listEdit: UiListEdit | null;
}

/** The inputs of an update that add entries to a list, and remove them. */
export interface UiListEdit {
  add: string;
  remove: string;
}

export interface UiOperator {
  key: Operator;
  label: string;
  kind: FieldKind;
  list: boolean;
}

export interface UiConstraints {
  minLength: number | null;
  maxLength: number | null;
  maxItems: number | null;
  pattern: string | null;
  patternMessage: string | null;
  min: string | null;
  max: string | null;
  scale: number | null;
  unique: boolean;
}

export interface UiOption {
  value: string;
  label: string;
  help: string;
  color: Color;
}

export interface UiTransition {
  from: string;
  to: string;
  mutation: string;
}

export interface UiReference {
  resource: string;
  objectField: string;
}

export interface UiColumn {
  field: string;
  align: 'left' | 'right';
  visible: boolean;
  priority: number;
}

export interface UiSection {
  key: string;
  label: string;
}

export interface UiRelation {
  name: string;
  label: string;
  description: string;
  resource: string;
  connectionField: string;
  foreignKey: string;
  embedded: boolean;
  creatable: boolean;
}

export interface UiAction {
  name: string;
  label: string;
  description: string;
  icon: string;
  mutation: string;
  fields: UiField[];
  confirm: string | null;
  when: { field: string; in: readonly string[] } | null;
}

export interface UiView {
  key: string;
  label: string;
  where: unknown;
  orderBy: unknown;
}

export interface UiBoard {
  field: string;
  sumField: string | null;
  cardFields: readonly string[];
}

/** Names of root fields by what they do; null: the viewer may not, or nobody can. */
export interface UiOperations {
  list: string | null;
  summary: string | null;
  get: string | null;
  create: string | null;
  update: string | null;
  delete: string | null;
  restore: string | null;
  destroy: string | null;
  erase: string | null;
  export: string | null;
  upsert: string | null;
  createMany: string | null;
  updateMany: string | null;
  deleteMany: string | null;
  whereType: string;
  orderByType: string;
  createInput: string | null;
  updateInput: string | null;
}
