// Loaded into a server before everything else: it tells who started it how much memory it holds, after a collection.
process.on('message', () => {
  globalThis.gc?.();
  process.send?.(process.memoryUsage());
});
// Whoever asks must not keep the server from ending.
process.channel?.unref();
