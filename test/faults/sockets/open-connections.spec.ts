import { describe, expect, it } from '@jest/globals';
import { portsOf, remotePorts } from './open-connections.ts';

describe('open connections', () => {
  it('reads the remote port of each socket from the table of the kernel', () => {
    const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:A1B2 0100007F:6989 01 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000
`;
    expect(remotePorts(table)).toEqual(new Map([['4711', 27017]]));
  });

  it('takes the ports from the address of a database', () => {
    expect(portsOf('mongodb://u:p@127.0.0.1:27485,db/?directConnection=true')).toEqual([27485, 27017]);
  });
});
