import { buildPages } from './build.ts';

/** Before any test in a browser: the pages, once for all of them. */
export const setup = buildPages;
