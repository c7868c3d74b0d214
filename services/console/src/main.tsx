import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { StorefrontPage } from './storefront-page.js';
import './styles.css';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <StorefrontPage />
  </StrictMode>,
);
