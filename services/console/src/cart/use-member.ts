import { useState } from 'react';
import { memberOfGivenToken } from '../token-source.js';
import { addressOf, memberInAddress } from './chosen-member.js';

/** Whose cart the page shows: that of the given token, or whom the address names where development tokens are had. */
export function useMember(): [string | undefined, (member: string | undefined) => void] {
  const [member, setMember] = useState(() => memberOfGivenToken() ?? memberInAddress(location.hash));
  const choose = (wanted: string | undefined): void => {
    history.replaceState(null, '', addressOf(wanted, location));
    setMember(wanted);
  };
  return [member, choose];
}
