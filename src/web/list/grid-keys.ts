import { type KeyboardEvent, type RefObject, useEffect, useRef } from 'react';
import type { RowEvents } from './events.ts';
import { useStable } from './rows.ts';

export interface Cell {
  row: number;
  column: number;
}

interface GridKeys {
  scroller: RefObject<HTMLDivElement | null>;
  size: { rows: number; columns: number };
  active: Cell;
  setActive(cell: Cell): void;
  startEditing(): Promise<void>;
  stopEditing(): void;
  scrollTo(row: number): void;
  isEditable(cell: Cell): boolean;
  open(row: number): void;
  toggle(row: number, range: boolean): void;
}

/** The keys of a grid, as the ARIA practices have them; and single letters that lists of this kind have elsewhere. */
export function useGridKeys({
  scroller,
  size,
  active,
  setActive,
  startEditing,
  stopEditing,
  scrollTo,
  isEditable,
  open,
  toggle,
}: GridKeys) {
  const wanted = useRef(false);
  const focusActive = () => {
    const cell = scroller.current?.querySelector<HTMLElement>(`[data-cell="${active.row}:${active.column}"]`);
    cell?.focus({ preventScroll: true });
    return cell !== null && cell !== undefined;
  };
  // The row may have to be scrolled to, and drawn, before its cell can have the focus.
  useEffect(() => {
    if (wanted.current && focusActive()) wanted.current = false;
  });

  const goTo = ({ row, column }: Cell) => {
    const next = { row: Math.max(0, Math.min(size.rows - 1, row)), column: Math.max(0, Math.min(size.columns - 1, column)) };
    wanted.current = true;
    setActive(next);
    scrollTo(next.row);
    return next;
  };

  const page = () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / 38) - 2);
  const { row, column } = active;
  const moves: Readonly<Record<string, () => Cell>> = {
    ArrowDown: () => ({ row: row + 1, column }),
    j: () => ({ row: row + 1, column }),
    ArrowUp: () => ({ row: row - 1, column }),
    k: () => ({ row: row - 1, column }),
    ArrowRight: () => ({ row, column: column + 1 }),
    ArrowLeft: () => ({ row, column: column - 1 }),
    PageDown: () => ({ row: row + page(), column }),
    PageUp: () => ({ row: row - page(), column }),
    Home: () => ({ row, column: 0 }),
    End: () => ({ row, column: size.columns - 1 }),
  };
  const jumps: Readonly<Record<string, () => Cell>> = {
    Home: () => ({ row: 0, column: 0 }),
    End: () => ({ row: size.rows - 1, column: size.columns - 1 }),
  };
  const edit = () => {
    if (isEditable(active)) void startEditing();
  };
  const acts: Readonly<Record<string, () => void>> = {
    Enter: () => (isEditable(active) && column > 0 ? edit() : open(row)),
    F2: edit,
    e: edit,
    o: () => open(row),
    x: () => toggle(row, false),
    ' ': () => toggle(row, false),
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement; // keys come from elements
    if (target.closest('input, textarea, [role=columnheader]')) return;
    const command = event.ctrlKey || event.metaKey;
    const move = command ? jumps[event.key] : event.altKey ? undefined : moves[event.key];
    if (move) {
      event.preventDefault();
      const next = goTo(move());
      if (event.shiftKey && ['ArrowDown', 'ArrowUp'].includes(event.key)) toggle(next.row, true);
      return;
    }
    const act = command || event.altKey ? undefined : acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  const leave: RowEvents['leave'] = useStable((direction) => {
    stopEditing();
    wanted.current = true;
    if (direction === 'down') goTo({ row: row + 1, column });
    else if (direction !== 'stay') {
      const step = direction === 'next' ? 1 : -1;
      const next = Array.from({ length: size.columns }, (_, index) => column + step * (index + 1)).find((each) =>
        isEditable({ row, column: each }),
      );
      if (next === undefined) return;
      goTo({ row, column: next });
      // The control within has the focus then.
      wanted.current = false;
      void startEditing();
    }
  });

  return { goTo, onKeyDown, leave, focusActive };
}
