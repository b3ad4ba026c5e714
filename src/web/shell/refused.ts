import { notifications } from '@mantine/notifications';
import { Refusal } from '../data/send.ts';

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Says what was refused, where no field is there to say it beside. */
export function sayRefused(error: unknown, title = 'That did not work'): void {
  notifications.show({ title, message: messageOf(error), color: 'red', autoClose: 10_000, role: 'alert' });
}

export const isConflict = (error: unknown): boolean => error instanceof Refusal && error.code === 'CONFLICT' && error.current !== undefined;
