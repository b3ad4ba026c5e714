import { type ComponentType, type ReactNode, useEffect, useRef, useState } from 'react';
import { sayRefused } from './refused.ts';

/** A part of a page that does not come with the page. */
export interface Later<P> {
  (props: P): ReactNode;
  /** Loads it before it is drawn: when somebody comes near what shows it. */
  preload(): void;
  /** Loads it, and says so where that fails. */
  load(): Promise<boolean>;
}

/** Loads a part when it is first drawn; nothing stands in its place until then. */
export function later<P extends object>(source: () => Promise<ComponentType<P>>): Later<P> {
  let loaded: ComponentType<P> | undefined;
  let loading: Promise<void> | undefined;
  const fetch = () =>
    (loading ??= source().then(
      (component) => {
        loaded = component;
      },
      () => {
        loading = undefined;
      },
    ));
  const load = async () => {
    await fetch();
    if (!loaded) sayRefused('Check your connection and try again. If that doesn’t help, reload the page.', 'This could not be loaded');
    return loaded !== undefined;
  };

  function Part(props: P) {
    const [, setDrawn] = useState(loaded !== undefined);
    const waits = useRef(false);
    // Each time that it is drawn, so that what failed without a connection is tried again with one.
    useEffect(() => {
      if (loaded || waits.current) return;
      waits.current = true;
      void load().then((done) => {
        waits.current = false;
        if (done) setDrawn(true);
      });
    });
    const Loaded = loaded;
    return Loaded ? <Loaded {...props} /> : null;
  }
  return Object.assign(Part, { preload: () => void fetch(), load });
}
