import { later } from './later.tsx';

export const Confirm = later(() => import('./confirm.tsx').then((module) => module.Confirm));
export const Dialog = later(() => import('./confirm.tsx').then((module) => module.Dialog));
