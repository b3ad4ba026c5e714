// What was typed and is not saved yet. It is kept for this tab and this viewer, so that it survives a reload, a lost
// connection and signing in again; whoever signs in next in this tab does not get to see it.

const key = 'facet-drafts';

interface Kept {
  viewer: string;
  drafts: Record<string, unknown>;
}

let kept: Kept = { viewer: '', drafts: {} };

/** Brings back what the viewer left unsaved. */
export function openDrafts(viewer: string): void {
  const found = read();
  kept = found && found.viewer === viewer ? found : { viewer, drafts: {} };
  write();
}

export const draftOf = <Draft>(name: string): Draft | undefined => kept.drafts[name] as Draft | undefined; // as its only writer kept it

export function keepDraft(name: string, draft: object): void {
  kept.drafts[name] = draft;
  write();
}

export function dropDraft(name: string): void {
  delete kept.drafts[name];
  write();
}

function read(): Kept | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

function write(): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // The browser gives no room, or none any more: then it is kept until the page is left, and leaving it asks.
  }
}
