/** What happens in rows, told to the grid. */
export interface RowEvents {
  toggle(row: number, range: boolean): void;
  /** The editor is done: which way the focus goes. */
  leave(direction: 'stay' | 'down' | 'next' | 'previous'): void;
}
