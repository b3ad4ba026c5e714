import type { ReactElement } from 'react';
import { later } from './later.tsx';
import type { MenuListProps } from './menu-list.tsx';
import { Opener } from './opener.tsx';

const MenuList = later(() => import('./menu-list.tsx').then((module) => module.MenuList));

/** A button that opens a menu. */
export function MenuButton({ children, ...props }: MenuListProps & { children: ReactElement<object> }) {
  return (
    <Opener popup="menu" part={MenuList} props={props}>
      {children}
    </Opener>
  );
}
