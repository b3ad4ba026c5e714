import { later } from '../shell/later.tsx';

export const CreateDrawer = later(() => import('./create-drawer.tsx').then((module) => module.CreateDrawer));
export const EditDrawer = later(() => import('./edit-drawer.tsx').then((module) => module.EditDrawer));
export const RecordForm = later(() => import('./record-form.tsx').then((module) => module.RecordForm));
