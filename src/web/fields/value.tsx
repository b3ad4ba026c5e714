import { Anchor, Badge, Group, Text } from '@mantine/core';
import type { Entity, UiField } from '../data/page.ts';
import { addressOf, useUi } from '../data/ui.tsx';
import { Icon, icons } from '../shell/icon.tsx';
import { AnchorLink } from '../shell/links.tsx';
import { ago, moment, optionOf, textOf, titleOf } from './format.ts';
import { isEmpty } from './rules.ts';

interface ValueProps {
  field: UiField;
  record: Entity;
  /** One line, for cells. */
  compact?: boolean;
}

/** A value as people read it. */
export function Value({ field, record, compact = false }: ValueProps) {
  const value = record[field.name];
  if (isEmpty(value)) return <span aria-hidden="true" />;
  switch (field.widget) {
    case 'SELECT':
      return <Option field={field} value={value} />;
    case 'TAGS':
      return <Tags values={value as readonly string[]} compact={compact} />;
    case 'SWITCH':
      return value ? (
        <Icon icon={icons.check} size={16} label="Yes" />
      ) : (
        <Text span size="sm" c="dimmed">
          No
        </Text>
      );
    case 'RELATION':
      return <Reference field={field} record={record} />;
    case 'EMAIL':
      return (
        <Anchor size="sm" href={`mailto:${String(value)}`} tabIndex={compact ? -1 : 0}>
          {String(value)}
        </Anchor>
      );
    case 'PHONE':
      return (
        <Anchor size="sm" href={`tel:${String(value)}`} tabIndex={compact ? -1 : 0}>
          {String(value)}
        </Anchor>
      );
    case 'URL':
      return (
        <Anchor size="sm" href={String(value)} target="_blank" rel="noreferrer" tabIndex={compact ? -1 : 0}>
          {String(value)}
        </Anchor>
      );
    case 'DATETIME':
      return (
        <time dateTime={String(value)} title={moment(String(value))}>
          {compact ? ago(String(value)) : moment(String(value))}
        </time>
      );
    default:
      return <span style={compact ? undefined : { whiteSpace: 'pre-wrap' }}>{textOf(field, value, record)}</span>;
  }
}

export function Option({ field, value }: { field: UiField; value: unknown }) {
  const option = optionOf(field, value);
  return <Badge color={option?.color.toLowerCase() ?? 'gray'}>{option?.label ?? String(value)}</Badge>;
}

function Tags({ values, compact }: { values: readonly string[]; compact: boolean }) {
  return (
    <Group gap={4} wrap={compact ? 'nowrap' : 'wrap'}>
      {values.map((value) => (
        <Badge key={value} color="gray" variant="default">
          {value}
        </Badge>
      ))}
    </Group>
  );
}

function Reference({ field, record }: { field: UiField; record: Entity }) {
  const { byName } = useUi();
  const target = field.reference && byName.get(field.reference.resource);
  const other = field.reference && (record[field.reference.objectField] as Entity | null | undefined);
  if (!target || !other) return <span>{textOf(field, record[field.name], record)}</span>;
  const title = titleOf(target, other);
  if (!target.operations.get || !target.nav) return <span>{title}</span>;
  return (
    <AnchorLink size="sm" {...addressOf(target, other)}>
      {title}
    </AnchorLink>
  );
}
