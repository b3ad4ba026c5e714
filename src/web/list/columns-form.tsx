import { ActionIcon, Button, Checkbox, Group, Popover, Stack, Text } from '@mantine/core';
import type { UiField, UiResource } from '../data/page.ts';
import { Icon, icons } from '../shell/icon.tsx';
import { Beside, type Opened } from '../shell/opener.tsx';

interface ColumnsFormProps {
  resource: UiResource;
  columns: readonly UiField[];
  /** Undefined: those of the definition. */
  onColumns(columns: string | undefined): void;
}

/** Which fields stand in the list, in which order. */
export function ColumnsForm({ resource, columns, onColumns, ...state }: ColumnsFormProps & Opened) {
  const names = columns.map(({ name }) => name);
  const others = resource.columns.flatMap(({ field }) => resource.fields.filter(({ name }) => name === field && !names.includes(name)));
  const set = (next: readonly string[]) => onColumns(next.join(','));
  const move = (index: number, by: number) => {
    const next = [...names];
    const [moved = ''] = next.splice(index, 1);
    next.splice(index + by, 0, moved);
    set(next);
  };
  return (
    <Popover id={state.id} opened={state.opened} onChange={state.onChange} position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <Beside button={state.button} />
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns" w={300} mah={480} style={{ overflowY: 'auto' }}>
        <Stack gap={4}>
          {columns.map(({ name, label }, index) => (
            <Group key={name} justify="space-between" wrap="nowrap" mih={32}>
              <Checkbox
                size="xs"
                label={label}
                checked
                disabled={name === resource.titleField}
                onChange={() => set(names.filter((each) => each !== name))}
              />
              <Group gap={0} wrap="nowrap">
                <ActionIcon size={26} aria-label={`Move ${label} to the left`} disabled={index === 0} onClick={() => move(index, -1)}>
                  <Icon icon={icons.up} size={14} />
                </ActionIcon>
                <ActionIcon
                  size={26}
                  aria-label={`Move ${label} to the right`}
                  disabled={index === columns.length - 1}
                  onClick={() => move(index, 1)}
                >
                  <Icon icon={icons.down} size={14} />
                </ActionIcon>
              </Group>
            </Group>
          ))}
          <Text size="xs" c="dimmed" pt={4}>
            Not shown
          </Text>
          {others.map(({ name, label }) => (
            <Group key={name} mih={32}>
              <Checkbox size="xs" label={label} checked={false} onChange={() => set([...names, name])} />
            </Group>
          ))}
          <Button variant="subtle" onClick={() => onColumns(undefined)}>
            Back to the usual columns
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
