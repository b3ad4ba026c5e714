import { useHotkeys, useWindowEvent } from '@mantine/hooks';
import { type FocusEvent, useRef, useState } from 'react';
import { later } from './later.tsx';

const label = 'Search records, or go to';

const Loaded = later(() => import('./palette.tsx').then((module) => module.Palette));

/** The palette, which is loaded when it is first asked for. */
export function usePalette() {
  const [asked, setAsked] = useState(0);
  const [waiting, setWaiting] = useState(false);
  const [query, onQuery] = useState('');
  const before = useRef<Element>(null);
  const open = () => {
    before.current = document.activeElement;
    setWaiting(true);
    setAsked((times) => times + 1);
  };
  useHotkeys([['mod+K', open]]);
  // Loaded by the time the second key is down.
  useWindowEvent('keydown', ({ key }) => (key === 'Control' || key === 'Meta') && Loaded.preload());
  const onFocus = ({ currentTarget }: FocusEvent<HTMLInputElement>) => {
    setWaiting(false);
    currentTarget.setSelectionRange(query.length, query.length);
  };
  const onClose = () => {
    setWaiting(false);
    if (before.current instanceof HTMLElement) before.current.focus();
  };
  const palette = asked > 0 && (
    <>
      {waiting && (
        // Takes what is typed until the palette is there.
        <input
          className="visually-hidden"
          aria-label={label}
          // biome-ignore lint/a11y/noAutofocus: it was asked for by a key or a press.
          autoFocus
          value={query}
          onChange={({ currentTarget }) => onQuery(currentTarget.value)}
        />
      )}
      <Loaded label={label} asked={asked} query={query} onQuery={onQuery} onFocus={onFocus} onClose={onClose} />
    </>
  );
  return { palette, open, preload: Loaded.preload };
}
