import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';

export interface Mail {
  from: string;
  to: string[];
  /** As it went over the line, with what mail encodes decoded. */
  text: string;
}

export interface Postbox {
  /** As a setting, with the name and password that it asks for. */
  url: string;
  /** The next mail that nobody has taken out yet. */
  next(): Promise<Mail>;
  /** How many lie in it. */
  count(): number;
  close(): Promise<void>;
}

/** A mail server on this machine. */
export async function openPostbox(): Promise<Postbox> {
  const [user, pass] = ['facet', 'the password of the postbox'];
  const mails: Mail[] = [];
  const waiting: ((mail: Mail) => void)[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === user && password === pass ? done(null, { user }) : done(new Error('Wrong password')),
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const mail: Mail = {
          from: envelope.mailFrom ? envelope.mailFrom.address : '',
          to: envelope.rcptTo.map(({ address }) => address),
          text: decoded(Buffer.concat(chunks).toString()),
        };
        const taker = waiting.shift();
        if (taker) taker(mail);
        else mails.push(mail);
        done();
      });
    },
  });
  server.on('error', () => {});
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `smtp://${user}:${encodeURIComponent(pass)}@127.0.0.1:${address.port}`,
    next: async () => mails.shift() ?? new Promise((resolve) => waiting.push(resolve)),
    count: () => mails.length,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Long lines and signs of their own are spelt in quoted-printable. */
function decoded(message: string): string {
  if (!/^content-transfer-encoding: quoted-printable/im.test(message)) return message;
  return message.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
