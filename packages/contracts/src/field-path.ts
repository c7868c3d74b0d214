/** Where a field stands, in one form everywhere: `lines[0].sku`. Empty parts say nothing; a part may be a path itself. */
export const fieldPath = (...parts: readonly PropertyKey[]): string =>
  parts.reduce<string>((path, part) => {
    if (typeof part === 'number') return `${path}[${part}]`;
    const name = String(part);
    return path === '' || name === '' || name.startsWith('[') ? `${path}${name}` : `${path}.${name}`;
  }, '');
