import { notifications } from '@mantine/notifications';

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Says what was refused, where no field is there to say it beside. */
export function sayRefused(error: unknown, title = 'That did not work'): void {
  const message = messageOf(error);
  // Said once while it stands there, however often it is tried.
  notifications.show({ id: `${title} ${message}`, title, message, color: 'red', autoClose: 10_000, role: 'alert' });
}
