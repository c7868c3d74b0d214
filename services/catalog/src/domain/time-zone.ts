const known = new Map<string, boolean>();
/** Names come from outside: the memory of them is bounded. */
const MAX_REMEMBERED = 1000;

/** Whether this runtime knows the IANA time zone. Making a formatter costs 20 µs and more, hence the memory. */
export function isTimeZone(name: unknown): boolean {
  if (typeof name !== 'string') return false;
  let answer = known.get(name);
  if (answer === undefined) {
    answer = canFormat(name);
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(name, answer);
  }
  return answer;
}

/** Offsets such as +08:00 are taken by Intl too, but know no daylight saving: places need names. */
function canFormat(name: string): boolean {
  if (/^[+-]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
