import { Kbd, Menu } from '@mantine/core';
import { type ComponentProps, Fragment, type ReactNode } from 'react';
import { Icon } from './icon.tsx';
import { Beside, type Opened } from './opener.tsx';

interface MenuEntry {
  label: string;
  /** In place of the label, which is then only spoken. */
  shown?: ReactNode;
  icon?: ComponentProps<typeof Icon>['icon'];
  /** The key that does the same. */
  hotkey?: string;
  isDangerous?: boolean;
  /** Where it leads; what it does instead is `onClick`. */
  href?: string;
  download?: boolean;
  onClick?: () => void;
}

export interface MenuListProps {
  /** Groups of them; nothing is drawn for what is not there. */
  entries: readonly (readonly (MenuEntry | false | '' | null | undefined)[])[];
  position?: 'top-start';
  width?: number;
}

/** What the button of a menu opens. */
export function MenuList({ entries, position, width, ...state }: MenuListProps & Opened) {
  const groups = entries
    .map((group) => group.filter((entry) => entry !== undefined && entry !== null && entry !== false && entry !== ''))
    .filter((group) => group.length > 0);
  return (
    <Menu
      id={state.id}
      opened={state.opened}
      onChange={state.onChange}
      // Within the landmark that the button is in, and not cut off by what scrolls there.
      withinPortal={false}
      floatingStrategy="fixed"
      {...(position && { position })}
      {...(width && { width })}
    >
      <Menu.Target>
        <Beside button={state.button} />
      </Menu.Target>
      <Menu.Dropdown>
        {groups.map((group, index) => (
          <Fragment key={group[0]?.label}>
            {index > 0 && <Menu.Divider />}
            {group.map((entry) => (
              <Entry key={entry.label} {...entry} />
            ))}
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Entry({ label, shown, icon, hotkey, isDangerous, href, download, onClick }: MenuEntry) {
  const common = {
    ...(shown !== undefined && { 'aria-label': label }),
    ...(icon && { leftSection: <Icon icon={icon} size={16} /> }),
    ...(hotkey && { rightSection: <Kbd size="xs">{hotkey}</Kbd> }),
    ...(isDangerous && { c: 'var(--mantine-color-error)' }),
    ...(onClick && { onClick }),
    children: shown ?? label,
  };
  return href === undefined ? <Menu.Item {...common} /> : <Menu.Item {...common} component="a" href={href} download={download} />;
}
