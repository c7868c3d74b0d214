import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { InboxPage } from './inbox/inbox-page.js';
import { StorefrontPage } from './storefront-page.js';
import './styles.css';
import { TrackPage } from './track/track-page.js';

/** The gateway answers every address of a page with the same file. */
const PAGES: Readonly<Record<string, () => ReactNode>> = { '/store': InboxPage, '/track': TrackPage };
const Page = PAGES[location.pathname.replace(/\/+$/, '')] ?? StorefrontPage;

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
