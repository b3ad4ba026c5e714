import type { Config } from '../config.ts';

/** Sends plain text; undefined without a mail server. */
export function createMailer({ smtpUrl, mailFrom }: Pick<Config, 'smtpUrl' | 'mailFrom'>) {
  if (!smtpUrl) return undefined;
  // Loaded when there is something to send.
  const transport = () => import('nodemailer').then(({ createTransport }) => createTransport(smtpUrl));
  let opened: ReturnType<typeof transport> | undefined;
  return {
    async send(to: string, subject: string, text: string): Promise<void> {
      await (await (opened ??= transport())).sendMail({ from: mailFrom, to, subject, text });
    },
    close: async () => (await opened)?.close(),
  };
}

export type Mailer = NonNullable<ReturnType<typeof createMailer>>;
