/** A bare `#` would begin a comment at a line's start only, but reads as one anywhere. */
export function word(text: string): string {
  return /^[\w.:/%+,*$-]+$/.test(text) ? text : quoted(text);
}

/**
 * A word as Redis reads it back. In its double quotes a backslash escapes, `\xHH` is a byte. Bytes beyond ASCII are escaped,
 * because YAML takes some of them (U+0085, U+2028) for line ends.
 */
export function quoted(text: string): string {
  const escaped = [...Buffer.from(text)].map(byte => {
    const character = String.fromCharCode(byte);
    if (byte < 0x20 || byte > 0x7e) {
      return `\\x${byte.toString(16).padStart(2, '0')}`;
    }
    return '"\\'.includes(character) ? `\\${character}` : character;
  });
  return `"${escaped.join('')}"`;
}
