import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Names a browser on this machine reaches us by, also through a forwarded port. A page's name is never among them. */
const loopbackHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i;

export interface GuardedRequest {
  method: string;
  /** Absolute, or from the path on as in a request line. */
  url: string;
  headers: Pick<Headers, 'get'>;
}

/** `enter`: the token was right; a cookie takes its place and the address is cleaned. */
export type Verdict = { admit: true } | { enter: string; cookie: string } | { refuse: 401 | 403; why: string };

/**
 * Decides about every request, upgrades included. Only programs of this machine reach the port, but among them are
 * browsers showing strangers' pages: so a request must name this host (a name of theirs that leads here does not), come
 * from a page of ours, and carry the token or the cookie that was given for it.
 */
export class Guard {
  readonly token: string;
  readonly #cookie: string;

  constructor(token = randomBytes(32).toString('base64url')) {
    this.token = token;
    // Cookies are shared by all ports of a host: several workbenches must not overwrite each other's.
    this.#cookie = `strata-${createHash('sha256').update(token).digest('hex').slice(0, 12)}`;
  }

  judge({ method, url, headers }: GuardedRequest): Verdict {
    const host = headers.get('host') ?? '';
    if (!loopbackHost.test(host)) return { refuse: 403, why: 'strata serve answers to this machine alone' };
    const origin = headers.get('origin');
    if (origin !== null && origin !== `http://${host}`) return { refuse: 403, why: 'the request is another page’s' };

    const address = URL.parse(url.startsWith('/') ? `http://${host}${url}` : url);
    if (!address) return { refuse: 403, why: 'the address is malformed' };
    const token = address.searchParams.get('token');
    if (token !== null && method === 'GET' && address.pathname === '/') {
      if (!this.#isToken(token)) return { refuse: 401, why: unknownToken };
      return { enter: '/', cookie: `${this.#cookie}=${this.token}; HttpOnly; SameSite=Strict; Path=/` };
    }
    // Without an Origin, as for pictures and scripts, browsers say by this header whose page asks.
    const site = headers.get('sec-fetch-site');
    if (site !== null && !['same-origin', 'none'].includes(site) && headers.get('sec-fetch-mode') !== 'navigate') {
      return { refuse: 403, why: 'the request is another page’s' };
    }
    const cookie = cookieOf(headers.get('cookie') ?? '', this.#cookie);
    return cookie !== undefined && this.#isToken(cookie) ? { admit: true } : { refuse: 401, why: unknownToken };
  }

  /** In a time that does not tell how much of it is right. */
  #isToken(given: string): boolean {
    const [one, other] = [given, this.token].map((text) => createHash('sha256').update(text).digest());
    return timingSafeEqual(one, other);
  }
}

const unknownToken = 'open the address that strata serve printed, with its token, in this browser';

function cookieOf(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}
