import { useRouter } from '@tanstack/react-router';
import { type MouseEvent, type ReactNode, useRef } from 'react';
import type { UiResource } from '../data/page.ts';
import { addressOf } from '../data/ui.tsx';

interface RecordLinkProps {
  resource: UiResource;
  record: { databaseId: number };
  className: string | undefined;
  tabIndex?: number;
  children: ReactNode;
}

/** How long the pointer rests on a link before its page is fetched, as the router has it. */
const preloadMs = 50;

/** The way to a record, for places with hundreds of them: a link of the router follows every change of the address. */
export function RecordLink({ resource, record, className, tabIndex, children }: RecordLinkProps) {
  const router = useRouter();
  const timer = useRef(0);
  const go = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void router.navigate(addressOf(resource, record));
  };
  const preload = () => {
    timer.current = window.setTimeout(() => void router.preloadRoute(addressOf(resource, record)), preloadMs);
  };
  return (
    <a
      href={`/r/${resource.key}/${record.databaseId}`}
      className={className}
      tabIndex={tabIndex}
      onClick={go}
      onMouseEnter={preload}
      onMouseLeave={() => clearTimeout(timer.current)}
    >
      {children}
    </a>
  );
}
