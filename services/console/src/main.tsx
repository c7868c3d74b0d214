import { findWebPage, type WebPage } from '@shelfline/contracts/web-pages';
import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { InboxPage } from './inbox/inbox-page.js';
import { NoSuchPage } from './no-such-page.js';
import { StorefrontPage } from './storefront-page.js';
import './styles.css';
import { TrackPage } from './track/track-page.js';

/** The gateway answers every address with the same file. */
const PAGES: Readonly<Record<WebPage, () => ReactNode>> = {
  '/': StorefrontPage,
  '/store': InboxPage,
  '/track': TrackPage,
};
const known = findWebPage(location.pathname);
const Page = known ? PAGES[known] : NoSuchPage;

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
