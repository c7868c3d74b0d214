import { type FormEvent, useState } from 'react';
import { type Language, textIn } from '../language.js';

interface MemberSignInProps {
  readonly language: Language;
  readonly onMember: (member: string) => void;
}

/** Development only: a shop's page comes with the token of the member who signed in. */
export function MemberSignIn({ language, onMember }: MemberSignInProps) {
  const [typed, setTyped] = useState('');
  const say = textIn(language);
  const member = typed.trim();
  const signIn = (event: FormEvent): void => {
    event.preventDefault();
    if (member !== '') onMember(member);
  };
  return (
    <form className="member-sign-in" onSubmit={signIn}>
      <p>{say('cartSignInHint')}</p>
      <label>
        {say('member')}
        <input type="text" value={typed} maxLength={64} onChange={(event) => setTyped(event.target.value)} />
      </label>
      <button type="submit" disabled={member === ''}>
        {say('cartSignIn')}
      </button>
    </form>
  );
}
