import { useEffect, useState } from 'react';
import { type Language, readLanguage, storeLanguage } from './language.js';

/** The language of the page, remembered on this device and told to the browser. */
export function useLanguage(): [Language, (language: Language) => void] {
  const [language, setLanguage] = useState<Language>(readLanguage);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    storeLanguage(language);
  }, [language]);
  return [language, setLanguage];
}
