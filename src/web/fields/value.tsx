import type { AnchorHTMLAttributes, CSSProperties } from 'react';
import type { Entity, UiField } from '../data/page.ts';
import { useUi } from '../data/ui.tsx';
import { Icon, icons } from '../shell/icon.tsx';
import { RecordLink } from '../shell/record-link.tsx';
import { ago, moment, optionOf, textOf, titleOf } from './format.ts';
import { isEmpty } from './rules.ts';
import classes from './value.module.css';

interface ValueProps {
  field: UiField;
  record: Entity;
  /** One line, for cells. */
  compact?: boolean;
}

/** A value as people read it; in plain elements, as lists have hundreds of them on the screen. */
export function Value({ field, record, compact = false }: ValueProps) {
  const value = record[field.name];
  if (isEmpty(value)) return <span aria-hidden="true" />;
  switch (field.widget) {
    case 'SELECT':
      return <Option field={field} value={value} />;
    case 'TAGS':
      return <Tags values={value as readonly string[]} compact={compact} />;
    case 'SWITCH':
      return value ? <Icon icon={icons.check} size={16} label="Yes" /> : <span className={classes.no}>No</span>;
    case 'RELATION':
      return <Reference field={field} record={record} />;
    case 'EMAIL':
      return <Outward href={`mailto:${String(value)}`} value={value} compact={compact} />;
    case 'PHONE':
      return <Outward href={`tel:${String(value)}`} value={value} compact={compact} />;
    case 'URL':
      return <Outward href={String(value)} value={value} compact={compact} target="_blank" rel="noreferrer" />;
    case 'DEVICE':
      return <span title={String(value)}>{textOf(field, value)}</span>;
    case 'DATETIME':
      return (
        <time dateTime={String(value)} title={moment(String(value))}>
          {compact ? ago(String(value)) : moment(String(value))}
        </time>
      );
    default:
      return <span className={compact ? undefined : classes.lines}>{textOf(field, value, record)}</span>;
  }
}

interface OutwardProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  value: unknown;
  compact: boolean;
}

const Outward = ({ value, compact, ...link }: OutwardProps) => (
  <a {...link} className={classes.link} tabIndex={compact ? -1 : 0}>
    {String(value)}
  </a>
);

const tints = new Map<string, CSSProperties>();

function tintOf(color: string): CSSProperties {
  // Custom properties are no part of the type.
  const made = { '--tint': `var(--mantine-color-${color}-light)`, '--ink': `var(--mantine-color-${color}-light-color)` } as CSSProperties;
  const tint = tints.get(color) ?? made;
  tints.set(color, tint);
  return tint;
}

export function Option({ field, value }: { field: UiField; value: unknown }) {
  const option = optionOf(field, value);
  return (
    <span className={classes.badge} style={tintOf(option?.color.toLowerCase() ?? 'gray')}>
      {option?.label ?? String(value)}
    </span>
  );
}

/** As many as most cells have room for. */
const tagsInCell = 3;

const Tags = ({ values, compact }: { values: readonly string[]; compact: boolean }) => (
  <span className={classes.tags} data-compact={compact || undefined} title={compact ? values.join(', ') : undefined}>
    {(compact ? values.slice(0, tagsInCell) : values).map((value) => (
      <span key={value} className={classes.tag}>
        {value}
      </span>
    ))}
    {compact && values.length > tagsInCell && <span className={classes.more}>+{values.length - tagsInCell}</span>}
  </span>
);

function Reference({ field, record }: { field: UiField; record: Entity }) {
  const { byName } = useUi();
  const target = field.reference && byName.get(field.reference.resource);
  const other = field.reference && (record[field.reference.objectField] as Entity | null | undefined);
  if (!target || !other) return <span>{textOf(field, record[field.name], record)}</span>;
  const title = titleOf(target, other);
  if (!target.operations.get || !target.nav) return <span>{title}</span>;
  return (
    <RecordLink resource={target} record={other} className={classes.link}>
      {title}
    </RecordLink>
  );
}
