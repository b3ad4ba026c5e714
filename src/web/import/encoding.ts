/** An encoding that a file may have, by the name that TextDecoder takes. */
export interface Encoding {
  key: string;
  label: string;
}

interface Candidate extends Encoding {
  /** By language, the letters it uses beside those of ASCII. */
  languages: readonly string[];
  /** The first bytes of the characters that are used most: another encoding read as this one has many others. */
  lead?: (byte: number) => boolean;
  /** Nothing writes it any more, or hardly anything: a draw goes to the others. */
  rare?: true;
}

const between =
  (...ranges: readonly (readonly [number, number])[]) =>
  (byte: number) =>
    ranges.some(([from, to]) => byte >= from && byte <= to);

const western = ['äöüß', 'éèàçâêîôûëïœæù', 'áéíóúñü', 'áâãàçéêíóôõú', 'åäöæøé', 'àèéìòù', 'áéíóúýþðæö', 'äöõü'];
const cyrillic = ['абвгдежзийклмнопрстуфхцчшщъыьэюяё'];

/** In the order in which a draw is decided. */
const candidates: readonly Candidate[] = [
  { key: 'windows-1252', label: 'Western European (Windows-1252)', languages: western },
  {
    key: 'windows-1250',
    label: 'Central European (Windows-1250)',
    languages: ['ąćęłńóśźż', 'áčďéěíňóřšťúůýž', 'áéíóöőúüű', 'áäčďéíĺľňóôŕšťúýž', 'čšžćđ', 'ăâîşţ'],
  },
  // Before Cyrillic, whose small letters are Hebrew ones too: what tells them apart is capitals.
  { key: 'windows-1255', label: 'Hebrew (Windows-1255)', languages: ['אבגדהוזחטיכךלמםנןסעפףצץקרשת'] },
  { key: 'windows-1251', label: 'Cyrillic (Windows-1251)', languages: [...cyrillic, 'абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'] },
  { key: 'windows-1253', label: 'Greek (Windows-1253)', languages: ['αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋ'] },
  { key: 'windows-1254', label: 'Turkish (Windows-1254)', languages: ['ğışçöüâî'] },
  { key: 'windows-1257', label: 'Baltic (Windows-1257)', languages: ['āčēģīķļņšūž', 'ąčęėįšųūž'] },
  {
    key: 'windows-1256',
    label: 'Arabic (Windows-1256)',
    languages: ['ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآئؤ', 'ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیآئ'],
  },
  { key: 'shift_jis', label: 'Japanese (Shift JIS)', languages: [], lead: between([0x81, 0x83], [0x88, 0x98]) },
  { key: 'gb18030', label: 'Chinese, simplified (GB 18030)', languages: [], lead: between([0xb0, 0xd7]) },
  { key: 'big5', label: 'Chinese, traditional (Big5)', languages: [], lead: between([0xa4, 0xc6]) },
  { key: 'euc-kr', label: 'Korean (EUC-KR)', languages: [], lead: between([0xb0, 0xc8]) },
  { key: 'euc-jp', label: 'Japanese (EUC-JP)', languages: [], lead: between([0xa4, 0xa5], [0xb0, 0xcf]), rare: true },
  { key: 'koi8-r', label: 'Cyrillic (KOI8-R)', languages: cyrillic, rare: true },
  { key: 'ibm866', label: 'Cyrillic (DOS 866)', languages: cyrillic, rare: true },
  { key: 'macintosh', label: 'Western European (Mac)', languages: western, rare: true },
];

/** Every encoding that people can choose. */
export const encodings: readonly Encoding[] = [
  { key: 'utf-8', label: 'Unicode (UTF-8)' },
  { key: 'utf-16le', label: 'Unicode (UTF-16)' },
  { key: 'utf-16be', label: 'Unicode (UTF-16, big-endian)' },
  ...candidates.map(({ key, label }) => ({ key, label })),
];

export interface Guess {
  encoding: string;
  /** The file says so, or cannot be anything else. */
  certain: boolean;
}

/** How a file is encoded: as it says, as its bytes prove, or as its letters make likely. */
export function guessEncoding(bytes: Uint8Array): Guess {
  const [first, second, third, fourth] = bytes;
  const marked = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
  if ((marked === 'utf-16le' && third === 0 && fourth === 0) || (first === 0 && second === 0 && third === 0xfe && fourth === 0xff))
    throw new Error('The file is encoded as UTF-32. Save it as UTF-8 first.');
  if (marked) return { encoding: marked, certain: true };
  const wide = withoutMark(bytes);
  if (wide) return { encoding: wide, certain: true };
  const { good, bad } = utf8In(bytes);
  if (bad === 0 || (first === 0xef && second === 0xbb && third === 0xbf)) return { encoding: 'utf-8', certain: true };
  // Legacy text has a valid sequence now and then; UTF-8 has a bad byte now and then.
  if (good > bad) return { encoding: 'utf-8', certain: false };
  return { encoding: likeliest(sample(bytes)), certain: false };
}

/** UTF-16 without a mark: mostly ASCII, so every other byte is zero. */
function withoutMark(bytes: Uint8Array): string | undefined {
  const head = bytes.subarray(0, 2000);
  const zeros = [0, 1].map((parity) => head.filter((byte, index) => byte === 0 && index % 2 === parity).length);
  const [even = 0, odd = 0] = zeros;
  const enough = head.length / 4;
  if (odd > enough && even < odd / 10) return 'utf-16le';
  return even > enough && odd < even / 10 ? 'utf-16be' : undefined;
}

/** First bytes after which fewer second ones are possible: neither overlong forms nor surrogates nor what is beyond Unicode. */
const seconds = new Map<number, readonly [number, number]>([
  [0xe0, [0xa0, 0xbf]],
  [0xed, [0x80, 0x9f]],
  [0xf0, [0x90, 0xbf]],
  [0xf4, [0x80, 0x8f]],
]);

/** How many sequences of several bytes are UTF-8, and how many other bytes are not ASCII. */
function utf8In(bytes: Uint8Array): { good: number; bad: number } {
  let good = 0;
  let bad = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) continue;
    const more = byte < 0xc2 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : byte < 0xf5 ? 3 : 0;
    const rest = bytes.subarray(at + 1, at + 1 + more);
    const [lowest, highest] = seconds.get(byte) ?? [0x80, 0xbf];
    const fits = rest.every((next, index) => (index === 0 ? next >= lowest && next <= highest : next >= 0x80 && next <= 0xbf));
    if (more > 0 && rest.length === more && fits) {
      good++;
      at += more;
    } else bad++;
  }
  return { good, bad };
}

/** The lines that tell encodings apart, 64 kB of them at most. */
function sample(bytes: Uint8Array): Uint8Array {
  const lines: Uint8Array[] = [];
  let size = 0;
  for (let start = 0; start < bytes.length && size < 65_536; ) {
    const end = bytes.indexOf(10, start);
    const line = bytes.subarray(start, end < 0 ? bytes.length : end + 1);
    start += line.length;
    if (!line.some((byte) => byte >= 0x80)) continue;
    lines.push(line);
    size += line.length;
  }
  const joined = new Uint8Array(size);
  let at = 0;
  for (const line of lines) {
    joined.set(line, at);
    at += line.length;
  }
  return joined;
}

function likeliest(bytes: Uint8Array): string {
  let best = { key: 'windows-1252', score: Number.NEGATIVE_INFINITY };
  for (const candidate of candidates) {
    const score = scoreOf(candidate, bytes);
    // A hair's breadth is no evidence: the more usual one comes first.
    if (score > best.score + 0.01) best = { key: candidate.key, score };
  }
  return best.key;
}

/** How much a text looks like the languages an encoding was made for; per character that is not ASCII. */
function scoreOf({ key, languages, lead, rare }: Candidate, bytes: Uint8Array): number {
  let text: string;
  try {
    text = new TextDecoder(key, { fatal: true }).decode(bytes);
  } catch {
    return Number.NEGATIVE_INFINITY;
  }
  let score = 0;
  let letters = 0;
  for (const line of text.split('\n')) {
    const own = [...line].filter((letter) => letter > '\x7f').map((letter) => letter.toLowerCase());
    // A line is in one language, the next may be in another.
    const known = Math.max(0, ...languages.map((each) => own.filter((letter) => each.includes(letter)).length));
    score += known + oddities(line, known / Math.max(1, own.length));
    letters += own.length;
  }
  if (!letters) return 0;
  return (score / letters) * (lead ? familiar(bytes, lead) ** 2 : 1) - (rare ? 0.15 : 0);
}

/** What the characters of a line say for an encoding, or against it. */
function oddities(line: string, known: number): number {
  let score = 0;
  let run = 0;
  let before = '';
  for (const letter of line) {
    const foreign = letter > '\x7f';
    run = foreign && isLatin(letter) ? run + 1 : 0;
    if (foreign) score += worthOf(letter, known) - (run > 2 ? 1.5 : 0);
    if ((foreign || before > '\x7f') && before) score -= clash(before, letter);
    before = letter;
  }
  return score;
}

const isLatin = (letter: string): boolean => /\p{Script=Latin}/u.test(letter);

function worthOf(letter: string, known: number): number {
  if (/[\u0080-\u009f\ue000-\uf8ff\ufffd]/.test(letter)) return -4;
  if (/[\uff61-\uff9f]/.test(letter)) return -0.5;
  if (/\p{Script=Hiragana}|\p{Script=Katakana}|[\u30fc]/u.test(letter)) return 1.2;
  if (/\p{Script=Hangul}/u.test(letter)) return 1.1;
  if (/\p{Script=Han}/u.test(letter)) return 0.9;
  return /\p{L}/u.test(letter) ? known - 1 : 0;
}

/** Neighbours that no word has: a capital after a small letter, two scripts, a sign within a word. */
function clash(before: string, letter: string): number {
  const isWord = /\p{L}/u.test(before);
  if (isWord && !/\p{L}|\p{M}/u.test(letter)) return letter > '\x7f' && !/[’ʼ«»“”„–—…\s]/.test(letter) ? 1.5 : 0;
  if (!isWord) return before > '\x7f' && /[^’ʼ«»“”„–—…\s]/.test(before) && /\p{L}/u.test(letter) ? 0.5 : 0;
  const capital = /\p{Ll}/u.test(before) && /\p{Lu}/u.test(letter) ? 1.5 : 0;
  return capital + (isLatin(before) === isLatin(letter) ? 0 : 2);
}

/** The share of characters of two bytes that are among those used most. */
function familiar(bytes: Uint8Array, lead: (byte: number) => boolean): number {
  let all = 0;
  let known = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) continue;
    all++;
    if (lead(byte)) known++;
    at++;
  }
  return all ? known / all : 0;
}

/** The text of a file; what is no character of the encoding becomes `unreadable`. */
export function decode(bytes: Uint8Array, encoding: string): { text: string; damaged: boolean } {
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), damaged: false };
  } catch {
    return { text: new TextDecoder(encoding).decode(bytes), damaged: true };
  }
}

/** What a decoder puts where bytes are no character. */
export const unreadable = '\ufffd';
