// `npm run bench` compares this server with its peer; `npm run bench -- NAME` runs the measurement tests/bench/NAME.ts.
const [name = 'compare', ...options] = process.argv.slice(2);
const measurement = name.startsWith('-') ? 'compare' : name;
// Each reads its options as if it had been started itself.
process.argv.splice(2, Infinity, ...(measurement === name ? options : [name, ...options]));

await import(`./${measurement}.ts`);

export {};
