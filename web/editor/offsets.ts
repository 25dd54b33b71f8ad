// The server counts bytes of UTF-8, the editor UTF-16 units.

/** Returns the places of ascending byte offsets in a text; one inside a character is the character's start. */
export function places(text: string, offsets: number[]): number[] {
  const found: number[] = [];
  let byte = 0;
  let unit = 0;
  for (const offset of offsets) {
    while (unit < text.length) {
      const code = text.codePointAt(unit)!;
      const length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      if (byte + length > offset) break;
      byte += length;
      unit += code < 0x10000 ? 1 : 2;
    }
    found.push(unit);
  }
  return found;
}
