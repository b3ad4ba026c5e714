import { Stack, Title, UnstyledButton } from '@mantine/core';
import { type MouseEvent, useRef, useState } from 'react';
import type { Entity, UiField, UiResource } from '../data/page.ts';
import { editable } from '../fields/editable.ts';
import { isEmpty } from '../fields/rules.ts';
import { Value } from '../fields/value.tsx';
import { later } from '../shell/later.tsx';
import classes from './record.module.css';

/** What the record consists of, in the parts that its definition names. */
export function Sections({ resource, record }: { resource: UiResource; record: Entity }) {
  return (
    <Stack gap="lg">
      {resource.sections.map(({ key, label }) => (
        <section key={key} aria-label={label}>
          <Title order={2} size="h3" className={classes.sectionTitle}>
            {label}
          </Title>
          <dl className={classes.list}>
            {resource.fields
              .filter(({ section, name }) => section === key && name !== 'version' && (name !== 'deletedAt' || record[name]))
              .map((field) => (
                <Property key={field.name} resource={resource} field={field} record={record} />
              ))}
          </dl>
        </section>
      ))}
    </Stack>
  );
}

const PropertyEditor = later(() => import('./property-editor.tsx').then((module) => module.PropertyEditor));

interface PropertyProps {
  resource: UiResource;
  field: UiField;
  record: Entity;
}

/** One value: a click, or Enter, and it can be changed where it stands. */
function Property({ resource, field, record }: PropertyProps) {
  const [editing, setEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  // Until it is there the button stays, and with it the focus.
  const edit = async () => setEditing(await PropertyEditor.load());
  // A link leads where it leads, and who marks a text wants to copy it.
  const onValue = ({ target }: MouseEvent<HTMLElement>) => {
    const taken = target instanceof Element && target.closest('a, button');
    if (!taken && editable(field, record) && getSelection()?.isCollapsed !== false) void edit();
  };
  const close = () => {
    setEditing(false);
    requestAnimationFrame(() => button.current?.focus());
  };
  return (
    <div className={classes.property}>
      <dt title={field.help}>{field.label}</dt>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: for keys there is the button beside the value. */}
      <dd data-editable={(editable(field, record) && !editing) || undefined} onClick={editing ? undefined : onValue}>
        {editing ? (
          <PropertyEditor resource={resource} field={field} record={record} onClose={close} />
        ) : (
          <>
            <span className={classes.value}>
              {isEmpty(record[field.name]) ? <span className={classes.empty}>Empty</span> : <Value field={field} record={record} />}
            </span>
            {editable(field, record) && (
              <UnstyledButton
                ref={button}
                className={classes.edit}
                aria-label={`Edit ${field.label}`}
                onPointerEnter={PropertyEditor.preload}
                onFocus={PropertyEditor.preload}
                onClick={() => void edit()}
              >
                Edit
              </UnstyledButton>
            )}
          </>
        )}
      </dd>
    </div>
  );
}
