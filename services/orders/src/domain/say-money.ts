/** Currencies have none, two or three digits after the point: the format knows. */
export function sayMoney(minor: number, currency: string, language: 'en' | 'zh'): string {
  const format = new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { style: 'currency', currency });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}
