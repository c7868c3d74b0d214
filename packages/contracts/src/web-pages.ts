/** Addresses at which the web app has a page: for every other one whoever serves it says that there is none. */
export const WEB_PAGES = ['/', '/store', '/track'] as const;
export type WebPage = (typeof WEB_PAGES)[number];

/** Undefined = there is no page at this path; a slash at its end does not matter. */
export function findWebPage(path: string): WebPage | undefined {
  const wanted = path.replace(/(?<=.)\/+$/, '');
  return WEB_PAGES.find((page) => page === wanted);
}
