import { useEffect, useState } from 'react';
import { useConnection } from '../data/live-provider.tsx';
import classes from './shell.module.css';

/** A connection that is back within this time was no news. */
const patienceMs = 2000;

/** Says above every page that there is no connection, and what that means. */
export function OfflineBanner() {
  const offline = useConnection() === 'offline';
  return (
    <div role="status" className={classes.offline}>
      {offline && <Banner />}
    </div>
  );
}

function Banner() {
  const [lasting, setLasting] = useState(!navigator.onLine);
  useEffect(() => {
    const timer = setTimeout(() => setLasting(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  if (!lasting) return null;
  return (
    <p>
      <strong>{navigator.onLine ? 'The server cannot be reached.' : 'You are offline.'}</strong> What you see may be out of date. What you
      enter is kept here; save it when the connection is back.
    </p>
  );
}
