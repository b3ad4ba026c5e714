// Imported first by `npm run dev` and the two programs it starts: each stops once the process above it is gone, however
// that ended. npm and a closed terminal pass no signal on.

const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
}, 500).unref();
