import { ActionIcon } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type DragEvent, memo } from 'react';
import { useFlash } from '../data/live-provider.tsx';
import type { Entity, UiField, UiOption, UiResource } from '../data/page.ts';
import { addressOf } from '../data/ui.tsx';
import { textOf, titleOf } from '../fields/format.ts';
import { Option, Value } from '../fields/value.tsx';
import { Icon, icons } from '../shell/icon.tsx';
import { MenuButton } from '../shell/menu-button.tsx';
import classes from './board.module.css';

/** A card is one link: what leads elsewhere is shown as text, or each card would be several stops of Tab. */
const links: ReadonlySet<string> = new Set(['RELATION', 'EMAIL', 'PHONE', 'URL']);

interface CardProps {
  resource: UiResource;
  field: UiField;
  fields: readonly UiField[];
  record: Entity;
  targets: readonly UiOption[];
  /** Of each column one card is reached by Tab, the others by arrows. */
  isStop: boolean;
  onMove(record: Entity, to: string): void;
  onDrag(record: Entity | undefined): void;
  onFocus(record: Entity): void;
}

/** A record on the board: what it is, and the moves that it may make. */
export const Card = memo(function Card({ resource, field, fields, record, targets, isStop, onMove, onDrag, onFocus }: CardProps) {
  const title = titleOf(resource, record);
  const flashes = useFlash(record.id);
  const tabIndex = isStop ? 0 : -1;
  const drag = (event: DragEvent) => {
    event.dataTransfer.setData('text/plain', title);
    event.dataTransfer.effectAllowed = 'move';
    onDrag(record);
  };
  return (
    <li
      className={classes.card}
      data-card={record.id}
      data-flash={flashes || undefined}
      draggable={targets.length > 0}
      onDragStart={drag}
      onDragEnd={() => onDrag(undefined)}
      onFocus={() => onFocus(record)}
    >
      <div className={classes.cardHead}>
        <Link {...addressOf(resource, record)} className={classes.cardTitle} tabIndex={tabIndex} draggable={false}>
          {title}
        </Link>
        {targets.length > 0 && (
          <MenuButton
            entries={[
              targets.map(({ value, label }) => ({
                label: `Move to ${label}`,
                shown: <Option field={field} value={value} />,
                onClick: () => onMove(record, value),
              })),
            ]}
          >
            <ActionIcon size={24} tabIndex={tabIndex} aria-label={`Move ${title}`} title={`Move ${title}`}>
              <Icon icon={icons.dots} size={16} />
            </ActionIcon>
          </MenuButton>
        )}
      </div>
      {fields.map((each) => (
        <div key={each.name} className={classes.cardLine}>
          <span className="visually-hidden">{each.label}: </span>
          {links.has(each.widget) ? textOf(each, record[each.name], record) : <Value field={each} record={record} compact />}
        </div>
      ))}
    </li>
  );
});
