import { type KeyboardEvent, type RefObject, useEffect, useRef } from 'react';

interface BoardKeys {
  board: RefObject<HTMLDivElement | null>;
  /** Moves the card one legal column to the left or to the right. */
  shift(id: string, by: 1 | -1): void;
}

/** The keys of a board: arrows go from card to card, with Shift they move the card. */
export function useBoardKeys({ board, shift }: BoardKeys) {
  const wanted = useRef<string>(undefined);
  const cardOf = (id: string) => board.current?.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`);
  const focus = (card: Element | null | undefined) => card?.querySelector('a')?.focus();
  // A card that is moved is drawn anew in its new column, and must not lose the focus; unless it went elsewhere meanwhile.
  useEffect(() => {
    const { activeElement } = document;
    const card = wanted.current && cardOf(wanted.current);
    if (!card || card.contains(activeElement) || activeElement?.closest('[role=menu]')) return;
    if (activeElement === document.body) focus(card);
    else wanted.current = undefined;
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement; // keys come from elements
    const card = target.closest('[data-card]');
    const column = card?.closest('[data-column]');
    if (!card || !column || event.ctrlKey || event.metaKey || event.altKey) return;
    const across = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const along = { ArrowUp: -1, ArrowDown: 1, k: -1, j: 1 }[event.key];
    if (across && event.shiftKey) shift(card.getAttribute('data-card') ?? '', across as 1 | -1);
    else if (across) focus(neighbour(column, card, across));
    else if (along) focus(cardsIn(column)[cardsIn(column).indexOf(card) + along]);
    else if (event.key === 'm') card.querySelector('button')?.click();
    else return;
    event.preventDefault();
  };

  return { onKeyDown, keepFocus: (id: string) => void (wanted.current = id) };
}

const cardsIn = (column: Element): Element[] => [...column.querySelectorAll('[data-card]')];

/** The card beside it in the next column that has any. */
function neighbour(column: Element, card: Element, by: number): Element | undefined {
  const columns = [...(column.parentElement?.querySelectorAll('[data-column]') ?? [])];
  const at = cardsIn(column).indexOf(card);
  for (let index = columns.indexOf(column) + by; columns[index]; index += by) {
    const cards = cardsIn(columns[index] as Element); // the loop has looked
    if (cards.length > 0) return cards[Math.min(at, cards.length - 1)];
  }
  return undefined;
}
