import { createElement } from 'react';
import type { UiIcon } from '../data/page.ts';

type Shape = [element: string, attributes: Record<string, string>];

const kebab = /-([a-z])/g;

/** An icon as its shapes: those of the metadata come from the server, so a definition may name any of Tabler's. */
export function Icon({ icon, size = 18, label }: { icon: Pick<UiIcon, 'nodes'>; size?: number; label?: string }) {
  const shapes = icon.nodes as Shape[];
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    >
      {shapes.map(([element, attributes], index) =>
        createElement(element, {
          key: index,
          ...Object.fromEntries(
            Object.entries(attributes).map(([name, value]) => [name.replace(kebab, (_, letter: string) => letter.toUpperCase()), value]),
          ),
        }),
      )}
    </svg>
  );
}

const path = (...lines: string[]): Pick<UiIcon, 'nodes'> => ({ nodes: lines.map((d) => ['path', { d }]) });

/** The icons of the interface itself; those of the records come from their definitions. */
export const icons = {
  search: path('M10 10m-7 0a7 7 0 1 0 14 0a7 7 0 1 0 -14 0', 'M21 21l-6 -6'),
  plus: path('M12 5l0 14', 'M5 12l14 0'),
  close: path('M18 6l-12 12', 'M6 6l12 12'),
  filter: path('M4 4h16v2.172a2 2 0 0 1 -.586 1.414l-4.414 4.414v7l-6 2v-8.5l-4.480 -4.928a2 2 0 0 1 -.520 -1.345v-2.227z'),
  columns: path(
    'M4 6l5.500 0',
    'M4 10l5.500 0',
    'M4 14l5.500 0',
    'M4 18l5.500 0',
    'M14.500 6l5.500 0',
    'M14.500 10l5.500 0',
    'M14.500 14l5.500 0',
    'M14.500 18l5.500 0',
  ),
  dots: path(
    'M5 12m-1 0a1 1 0 1 0 2 0a1 1 0 1 0 -2 0',
    'M12 12m-1 0a1 1 0 1 0 2 0a1 1 0 1 0 -2 0',
    'M19 12m-1 0a1 1 0 1 0 2 0a1 1 0 1 0 -2 0',
  ),
  bookmark: path('M18 7v14l-6 -4l-6 4v-14a4 4 0 0 1 4 -4h4a4 4 0 0 1 4 4z'),
  download: path('M4 17v2a2 2 0 0 0 2 2h12a2 2 0 0 0 2 -2v-2', 'M7 11l5 5l5 -5', 'M12 4l0 12'),
  upload: path('M4 17v2a2 2 0 0 0 2 2h12a2 2 0 0 0 2 -2v-2', 'M7 9l5 -5l5 5', 'M12 4l0 12'),
  trash: path(
    'M4 7l16 0',
    'M10 11l0 6',
    'M14 11l0 6',
    'M5 7l1 12a2 2 0 0 0 2 2h8a2 2 0 0 0 2 -2l1 -12',
    'M9 7v-3a1 1 0 0 1 1 -1h4a1 1 0 0 1 1 1v3',
  ),
  restore: path('M3.060 13a9 9 0 1 0 .490 -4.087', 'M3 4.001v5h5', 'M12 8v4l3 2'),
  undo: path('M9 14l-4 -4l4 -4', 'M5 10h11a4 4 0 1 1 0 8h-1'),
  pencil: path('M4 20h4l10.500 -10.500a2.828 2.828 0 1 0 -4 -4l-10.500 10.500v4', 'M13.500 6.500l4 4'),
  home: path('M5 12l-2 0l9 -9l9 9l-2 0', 'M5 12v7a2 2 0 0 0 2 2h10a2 2 0 0 0 2 -2v-7', 'M9 21v-6a2 2 0 0 1 2 -2h2a2 2 0 0 1 2 2v6'),
  sun: path(
    'M12 12m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0',
    'M3 12h1m8 -9v1m8 8h1m-9 8v1m-6.400 -15.400l.700 .700m12.100 -.700l-.700 .700m0 11.400l.700 .700m-12.100 -.700l-.700 .700',
  ),
  moon: path('M12 3c.132 0 .263 0 .393 0a7.500 7.500 0 0 0 7.920 12.446a9 9 0 1 1 -8.313 -12.454z'),
  check: path('M5 12l5 5l10 -10'),
  up: path('M12 5l0 14', 'M18 11l-6 -6', 'M6 11l6 -6'),
  down: path('M12 5l0 14', 'M18 13l-6 6', 'M6 13l6 6'),
  menu: path('M4 6l16 0', 'M4 12l16 0', 'M4 18l16 0'),
  user: path('M8 7a4 4 0 1 0 8 0a4 4 0 0 0 -8 0', 'M6 21v-2a4 4 0 0 1 4 -4h4a4 4 0 0 1 4 4v2'),
  leave: path('M14 8v-2a2 2 0 0 0 -2 -2h-7a2 2 0 0 0 -2 2v12a2 2 0 0 0 2 2h7a2 2 0 0 0 2 -2v-2', 'M9 12h12l-3 -3', 'M18 15l3 -3'),
  copy: path(
    'M8 8m0 2a2 2 0 0 1 2 -2h8a2 2 0 0 1 2 2v8a2 2 0 0 1 -2 2h-8a2 2 0 0 1 -2 -2z',
    'M16 8v-2a2 2 0 0 0 -2 -2h-8a2 2 0 0 0 -2 2v8a2 2 0 0 0 2 2h2',
  ),
  refresh: path('M20 11a8.100 8.100 0 0 0 -15.500 -2m-.500 -4v4h4', 'M4 13a8.100 8.100 0 0 0 15.500 2m.500 4v-4h-4'),
  alert: path(
    'M12 9v4',
    'M10.363 3.591l-8.106 13.534a1.914 1.914 0 0 0 1.636 2.871h16.214a1.914 1.914 0 0 0 1.636 -2.870l-8.106 -13.536a1.914 1.914 0 0 0 -3.274 0z',
    'M12 16h.010',
  ),
  chevron: path('M9 6l6 6l-6 6'),
  history: path('M12 8l0 4l2 2', 'M3.050 11a9 9 0 1 1 .500 4m-.500 5v-5h5'),
} as const;
