import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

/** The pages that stand alone, by their addresses: whoever opens them need not be signed in. */
const pages: Readonly<Record<string, LazyExoticComponent<ComponentType>>> = {
  '/sign-in': lazy(() => import('./sign-in.tsx').then(({ SignIn }) => ({ default: SignIn }))),
  '/sign-in/error': lazy(() => import('./sign-in-error.tsx').then(({ SignInError }) => ({ default: SignInError }))),
  '/set-up': lazy(() => import('./set-up.tsx').then(({ SetUp }) => ({ default: SetUp }))),
  '/invite': lazy(() => import('./invitation.tsx').then(({ Invitation }) => ({ default: Invitation }))),
  '/forgot-password': lazy(() => import('./forgot-password.tsx').then(({ ForgotPassword }) => ({ default: ForgotPassword }))),
  '/reset-password': lazy(() => import('./reset-password.tsx').then(({ ResetPassword }) => ({ default: ResetPassword }))),
  '/consent': lazy(() => import('./consent.tsx').then(({ Consent }) => ({ default: Consent }))),
};

export const entryAt = (pathname: string): ComponentType | undefined => pages[pathname.replace(/\/$/, '')];
