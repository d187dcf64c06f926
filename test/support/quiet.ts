/** What the library warns about is not what most tests are about; those that are listen themselves. */
const warn = console.warn.bind(console);

console.warn = (...line: unknown[]) => String(line[0]).startsWith('Warning: [') ? undefined : warn(...line);

export {};
