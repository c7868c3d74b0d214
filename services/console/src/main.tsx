import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { InboxPage } from './inbox/inbox-page.js';
import { StorefrontPage } from './storefront-page.js';
import './styles.css';

/** The gateway answers every address of a page with the same file. */
const isInbox = location.pathname.replace(/\/+$/, '') === '/store';

createRoot(document.getElementById('root')!).render(
  <StrictMode>{isInbox ? <InboxPage /> : <StorefrontPage />}</StrictMode>,
);
