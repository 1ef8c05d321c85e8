// A SIP phone without a stack: it says exactly what a test tells it to, also what no decent phone would. Over UDP or one
// TCP connection on loopback; requests within a dialog are answered with 200 unless a test takes them over.

import { createSocket } from 'node:dgram';
import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { ToneMedia } from './tone_media.mjs';

const SHORT = { v: 'via', f: 'from', t: 'to', i: 'call-id', m: 'contact', l: 'content-length', c: 'content-type', r: 'refer-to', b: 'referred-by', k: 'supported', o: 'event' };
const token = (bytes = 6) => randomBytes(bytes).toString('hex');
const md5 = (text) => createHash('md5').update(text).digest('hex');

/** A parsed message: `method` or `code`, `header(name)`, `all(name)`, `body`. */
class Message {
  constructor(text) {
    const split = text.indexOf('\r\n\r\n');
    const [first, ...lines] = text.slice(0, split).replace(/\r\n[ \t]+/g, ' ').split('\r\n');
    this.text = text;
    this.first = first;
    this.body = text.slice(split + 4);
    this.headers = lines.map((line) => {
      const name = line.slice(0, line.indexOf(':')).trim().toLowerCase();
      return [SHORT[name] ?? name, line.slice(line.indexOf(':') + 1).trim()];
    });
    const status = /^SIP\/2\.0 (\d+)/.exec(first);
    this.code = status ? Number(status[1]) : undefined;
    this.method = status ? undefined : first.split(' ')[0];
    this.uri = status ? undefined : first.split(' ')[1];
    [this.cseq, this.cseqMethod] = this.header('cseq').split(/\s+/);
    this.cseq = Number(this.cseq);
    this.callId = this.header('call-id');
    this.branch = /branch=([^;,\s]+)/.exec(this.header('via'))?.[1];
  }

  header(name) {
    return this.headers.find(([n]) => n === name.toLowerCase())?.[1];
  }

  all(name) {
    return this.headers.filter(([n]) => n === name.toLowerCase()).map(([, value]) => value);
  }

  tag(name) {
    return /;tag=([^;>\s]+)/.exec(this.header(name))?.[1];
  }

  get contact() {
    return /<([^>]+)>/.exec(this.header('contact'))?.[1];
  }
}

/** One dialog, or the INVITE that may become one. */
class Leg {
  constructor(peer, { callId, local, remote, target, server, invite }) {
    Object.assign(this, { peer, callId, local, remote, target, server, invite });
    this.cseq = 0;
    this.tag = /;tag=([^;>\s]+)/.exec(local)?.[1];
    this.manual = new Set();
    this.received = [];
    this.waiting = [];
    this.version = 1;
  }

  /** Takes over requests of these methods: the test answers them itself with `leg.reply(request, code)`. */
  takeOver(...methods) {
    for (const method of methods) this.manual.add(method);
    return this;
  }

  /** The next message, past or to come, that nobody waited for yet and for which `match` holds (a method, a code, or a function). */
  next(match, { timeoutMs = 8000 } = {}) {
    const fits = typeof match === 'function' ? match
      : typeof match === 'number' ? (m) => m.code === match
        : (m) => m.method === match;
    const found = this.received.findIndex(fits);
    if (found >= 0) return Promise.resolve(this.received.splice(found, 1)[0]);
    return new Promise((resolve, reject) => {
      const waiter = { fits, resolve };
      waiter.timer = setTimeout(() => {
        this.waiting = this.waiting.filter((w) => w !== waiter);
        reject(new Error(`${match} did not come to ${this.peer.name}:\n${this.peer.trace()}`));
      }, timeoutMs);
      this.waiting.push(waiter);
    });
  }

  /** The response to a request that was sent, provisional ones left out. */
  final(cseq, options) {
    return this.next((m) => m.code >= 200 && m.cseq === cseq, options);
  }

  deliver(message) {
    const waiter = this.waiting.find((w) => w.fits(message));
    if (!waiter) {
      this.received.push(message);
      return;
    }
    clearTimeout(waiter.timer);
    this.waiting.splice(this.waiting.indexOf(waiter), 1);
    waiter.resolve(message);
  }

  /** Sends a request in the dialog; gives its CSeq. */
  request(method, { headers = [], body = '', type = 'application/sdp', cseq, uri, to, branch } = {}) {
    const number = cseq ?? ++this.cseq;
    this.lastBranch = branch ?? `z9hG4bK${token()}`;
    this.peer.send([
      `${method} ${uri ?? this.target} SIP/2.0`,
      `Via: SIP/2.0/${this.peer.transport} ${this.peer.address};branch=${this.lastBranch};rport`,
      `From: ${this.local}`, `To: ${to ?? this.remote}`, `Call-ID: ${this.callId}`, `CSeq: ${number} ${method}`,
      `Contact: <${this.peer.contact}>`, 'Max-Forwards: 70', ...headers, ...(body ? [`Content-Type: ${type}`] : []),
    ], body, this.server);
    return number;
  }

  /** Sends a request and gives its final response. */
  async ask(method, options) {
    return this.final(this.request(method, options), options);
  }

  /** Answers a request of the far end. A tag is added to To as needed; `tag` makes it another one (a fork). */
  reply(request, code, { headers = [], body = '', tag, reason = 'Said So', contact = true } = {}) {
    const to = request.header('to').includes(';tag=') ? request.header('to') : `${request.header('to')};tag=${tag ?? this.tag}`;
    this.peer.send([
      `SIP/2.0 ${code} ${reason}`, ...request.all('via').map((v) => `Via: ${v}`), ...request.all('record-route').map((v) => `Record-Route: ${v}`),
      `From: ${request.header('from')}`, `To: ${to}`, `Call-ID: ${this.callId}`, `CSeq: ${request.header('cseq')}`,
      ...(contact && code < 400 ? [`Contact: <${this.peer.contact}>`] : []), ...headers, ...(body ? ['Content-Type: application/sdp'] : []),
    ], body, request.from);
  }

  /** Inbound to this phone: a final 200 with a session; waits for the ACK unless told otherwise. Speaks `hz`. */
  async answer({ hz, headers, ack = true } = {}) {
    await this.openMedia();
    this.reply(this.invite, 200, { headers, body: this.media.sdp() });
    this.remoteSdp = this.invite.body;
    if (ack) await this.next('ACK');
    if (hz) this.media.speak(hz, this.remoteSdp);
    return this;
  }

  ring(code = 180, options) {
    this.reply(this.invite, code, options);
    return this;
  }

  async openMedia() {
    this.media ??= await this.peer.openMedia();
    return this.media;
  }

  /** Outbound from this phone: waits for the 200 and acknowledges it. Speaks `hz`. */
  async established({ hz, timeoutMs } = {}) {
    const answer = await this.final(this.cseq, { timeoutMs });
    if (answer.code !== 200) throw new Error(`${this.peer.name} was answered ${answer.first}:\n${this.peer.trace()}`);
    this.take(answer);
    this.request('ACK', { cseq: this.cseq });
    if (hz) this.media.speak(hz, this.remoteSdp);
    return this;
  }

  take(response) {
    this.remote = response.header('to');
    this.target = response.contact ?? this.target;
    if (response.body) this.remoteSdp = response.body;
  }

  /** A re-INVITE with this direction: the final response, acknowledged. */
  async reinvite(direction, { acknowledge = true } = {}) {
    const answer = await this.ask('INVITE', { body: this.media.sdp({ version: ++this.version, direction }) });
    const again = answer.code >= 300 ? { branch: this.lastBranch } : {};
    if (acknowledge) this.request('ACK', { cseq: answer.cseq, ...again });
    return answer;
  }

  /** BYE and its response. */
  async bye() {
    this.media?.stop();
    return this.ask('BYE');
  }

  /** The far end's BYE, answered. */
  async isLeft(options) {
    const bye = await this.next('BYE', options);
    if (this.manual.has('BYE')) this.reply(bye, 200);
    return bye;
  }

  /** The value of a Replaces header that names this dialog as the server knows it. */
  get replaces() {
    return `${this.callId};to-tag=${/;tag=([^;>\s]+)/.exec(this.remote)[1]};from-tag=${this.tag}`;
  }

  /** The status line of the next NOTIFY of a transfer. */
  async notified(options) {
    const notify = await this.next('NOTIFY', options);
    return Number(/SIP\/2\.0 (\d+)/.exec(notify.body)?.[1]);
  }
}

export class SipPeer {
  /** Opens a phone on a free port of loopback; closed with test `t`. */
  static async open(t, name = 'peer') {
    const socket = createSocket('udp4');
    await new Promise((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const peer = new SipPeer(socket, name);
    t.after(() => peer.close());
    return peer;
  }

  /** A phone that can be reached over its own TCP connection to `server` (host:port) only. */
  static async connect(t, name, server) {
    const [host, port] = server.split(':');
    const socket = connect(Number(port), host);
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    const peer = new SipPeer(socket, name, 'TCP');
    t.after(() => peer.close());
    return peer;
  }

  constructor(socket, name, transport = 'UDP') {
    this.socket = socket;
    this.name = name;
    this.transport = transport;
    this.address = `127.0.0.1:${socket.address().port}`;
    this.uri = `sip:${name}@${this.address}`;
    this.contact = this.uri;
    this.legs = new Map();
    this.newLegs = [];
    this.waiting = [];
    this.seen = new Set();
    this.lines = [];
    this.streams = [];
    socket.on('error', () => {});
    if (transport === 'UDP') {
      socket.on('message', (data, from) => this.receive(data.toString('latin1'), from));
      return;
    }
    this.contact = `${this.uri};transport=tcp`;
    let text = '';
    const from = { address: socket.remoteAddress, port: socket.remotePort };
    socket.on('data', (data) => {
      text = (text + data.toString('latin1')).replace(/^[\r\n]+/, '');
      for (let end; (end = text.indexOf('\r\n\r\n')) >= 0;) {
        const length = Number(/^(?:content-length|l)[ \t]*:[ \t]*(\d+)/im.exec(text.slice(0, end))?.[1] ?? 0);
        if (text.length < end + 4 + length) return;
        this.receive(text.slice(0, end + 4 + length), from);
        text = text.slice(end + 4 + length).replace(/^[\r\n]+/, '');
      }
    });
  }

  close() {
    for (const leg of this.legs.values()) for (const w of leg.waiting) clearTimeout(w.timer);
    for (const w of this.waiting) clearTimeout(w.timer);
    for (const stream of this.streams) stream.close();
    if (this.transport === 'UDP') this.socket.close();
    else this.socket.destroy();
  }

  async openMedia() {
    const media = await ToneMedia.open();
    this.streams.push(media);
    return media;
  }

  trace() {
    return this.lines.join('\n');
  }

  send(lines, body, to) {
    const [host, port] = typeof to === 'string' ? to.split(':') : [to.address, to.port];
    const text = `${lines.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    this.lines.push(`${this.name} > ${lines[0]}`);
    if (this.transport === 'TCP') this.socket.write(text);
    else this.socket.send(text, Number(port), host);
  }

  receive(text, from) {
    // Ports are used again: what is no SIP was meant for somebody before.
    if (!/^cseq:/im.test(text)) return;
    const message = new Message(text);
    message.from = from;
    this.lines.push(`${this.name} < ${message.first} (${message.cseq} ${message.cseqMethod})`);
    if (message.method) {
      const key = `${message.branch} ${message.method}`;
      // What was sent again is one request; a test that waits for repetitions looks at `repeated`.
      if (this.seen.has(key)) {
        this.repeated?.(message);
        return;
      }
      this.seen.add(key);
    }
    let leg = this.legs.get(message.callId);
    if (!leg && message.method && message.method !== 'INVITE') {
      this.stray(message);
      return;
    }
    if (!leg) {
      if (!message.method) return;
      leg = this.newLeg({
        callId: message.callId, local: `${message.header('to')};tag=${token()}`, remote: message.header('from'),
        target: message.contact, server: `${from.address}:${from.port}`, invite: message,
      });
      const waiter = this.waiting.shift();
      if (this.onLeg) this.onLeg(leg);
      else if (waiter) {
        clearTimeout(waiter.timer);
        waiter.resolve(leg);
      } else this.newLegs.push(leg);
      return;
    }
    if (message.method) this.answerByItself(leg, message);
    leg.deliver(message);
  }

  /** Answers a request outside of dialogs. */
  respond(request, code, options) {
    new Leg(this, { callId: request.callId, local: `x;tag=${token()}` }).reply(request, code, options);
  }

  /** OPTIONS, REGISTER and such; `onStray` takes one over by giving true. */
  stray(message) {
    this.strays ??= [];
    this.strays.push(message);
    if (this.onStray?.(message) === true || message.method === 'ACK') return;
    this.respond(message, 200);
  }

  answerByItself(leg, message) {
    if (message.method === 'ACK' || message.method === 'INVITE' || leg.manual.has(message.method)) {
      if (message.method === 'INVITE' && !leg.manual.has('INVITE')) {
        leg.remoteSdp = message.body || leg.remoteSdp;
        const asked = /a=(sendonly|inactive|recvonly)/.exec(message.body)?.[1];
        const direction = { sendonly: 'recvonly', recvonly: 'sendonly', inactive: 'inactive' }[asked] ?? 'sendrecv';
        leg.reply(message, 200, { body: leg.media.sdp({ version: ++leg.version, direction }) });
      }
      return;
    }
    leg.reply(message, 200);
    if (message.method === 'CANCEL') {
      leg.cancelled = true;
      leg.reply(leg.invite, 487);
    }
    if (message.method === 'BYE') leg.media?.stop();
  }

  newLeg(fields) {
    const leg = new Leg(this, fields);
    this.legs.set(leg.callId, leg);
    return leg;
  }

  /** The next call that comes to this phone. */
  incoming({ timeoutMs = 8000 } = {}) {
    const leg = this.newLegs.shift();
    if (leg) return Promise.resolve(leg);
    return new Promise((resolve, reject) => {
      const waiter = { resolve };
      waiter.timer = setTimeout(() => {
        this.waiting = this.waiting.filter((w) => w !== waiter);
        reject(new Error(`no call came to ${this.name}:\n${this.trace()}`));
      }, timeoutMs);
      this.waiting.push(waiter);
    });
  }

  /** Calls `uri` through the server at `server` (host:port): a leg whose INVITE is on its way. */
  async call(uri, server, { from = `sip:+15550100@${this.address}`, headers = [], to, credentials } = {}) {
    const leg = this.newLeg({
      callId: `${token()}@${this.name}`, local: `<${from}>;tag=${token()}`, remote: `<${to ?? uri}>`, target: uri, server,
    });
    await leg.openMedia();
    leg.request('INVITE', { headers, body: leg.media.sdp() });
    if (!credentials) return leg;
    const challenge = await leg.next((m) => m.code === 401 || m.code === 407);
    leg.request('ACK', { cseq: leg.cseq, branch: leg.lastBranch, to: challenge.header('to') });
    leg.request('INVITE', { headers: [...headers, digest(challenge, { method: 'INVITE', uri, ...credentials })], body: leg.media.sdp() });
    return leg;
  }

  /** REGISTER with digest (MD5) when challenged: the last response. `contacts` are values of Contact. */
  async register(server, { user, password, domain, contacts = [`<${this.contact}>`], expires = 600, headers = [], aor = user, callId = `${token()}@${this.name}` }) {
    const leg = this.legs.get(callId) ?? this.newLeg({ callId, local: `<sip:${aor}@${domain}>;tag=${token()}`, remote: `<sip:${aor}@${domain}>`, target: `sip:${domain}`, server });
    const contactHeader = contacts.map((c) => `Contact: ${c}`);
    const send = async (extra) => {
      const number = ++leg.cseq;
      leg.lastBranch = `z9hG4bK${token()}`;
      this.send([
        `REGISTER sip:${domain} SIP/2.0`, `Via: SIP/2.0/${this.transport} ${this.address};branch=${leg.lastBranch};rport`, `From: ${leg.local}`, `To: ${leg.remote}`,
        `Call-ID: ${callId}`, `CSeq: ${number} REGISTER`, ...contactHeader, `Expires: ${expires}`, 'Max-Forwards: 70', ...headers, ...extra,
      ], '', server);
      return leg.final(number);
    };
    const first = await send([]);
    if (first.code !== 401) return first;
    return send([digest(first, { method: 'REGISTER', uri: `sip:${domain}`, user, password })]);
  }
}

/** The Authorization header that answers a 401 or 407 (MD5, qop=auth). */
export function digest(challenge, { method, uri, user, password, count = 1, cnonce = token() }) {
  const proxy = challenge.code === 407;
  // The challenge for MD5, of the several that may be there.
  const values = challenge.all(proxy ? 'proxy-authenticate' : 'www-authenticate');
  const value = values.find((v) => !/algorithm="?SHA/i.test(v)) ?? values[0];
  const read = (name) => new RegExp(`${name}="?([^",]+)`, 'i').exec(value)?.[1];
  const [realm, nonce, opaque] = ['realm', 'nonce', 'opaque'].map(read);
  const nc = count.toString(16).padStart(8, '0');
  const response = md5(`${md5(`${user}:${realm}:${password}`)}:${nonce}:${nc}:${cnonce}:auth:${md5(`${method}:${uri}`)}`);
  return `${proxy ? 'Proxy-Authorization' : 'Authorization'}: Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", ` +
    `response="${response}", algorithm=MD5, qop=auth, nc=${nc}, cnonce="${cnonce}"${opaque ? `, opaque="${opaque}"` : ''}`;
}
