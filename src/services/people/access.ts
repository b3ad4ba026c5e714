import type { Context } from '../../context.ts';

/** A session or a consent ended: what it let in is looked up again. */
export async function forgetEnded({ afterCommit, signIn }: Context): Promise<void> {
  afterCommit(() => signIn.forget());
}
