// Audio and digits, proven by content: what `tandem phone` heard and said.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApplication } from '../support/application.mjs';
import { toneWav } from '../support/baresip.mjs';
import { TandemServer } from '../support/server.mjs';

async function call(t, handler, phoneArgs, { settings, options } = {}) {
  const server = await TandemServer.start(t, settings);
  const application = await startApplication(t, handler, options);
  await server.provision(application.url);
  const phone = await server.phone(phoneArgs);
  assert.deepEqual(application.errors, []);
  return { server, application, phone };
}

const tone = (hz, ms) => ({ sources: [{ tone: { frequencies_hz: [hz], duration_ms: ms } }] });

for (const codec of ['PCMU', 'PCMA', 'G722']) {
  test(`the caller hears the tone that the application plays, ${codec}`, async (t) => {
    const { phone, server } = await call(t, async (c) => {
      const answered = await c.answer({ codecs: [codec] });
      assert.equal(answered.codec, codec);
      const played = await c.play(tone(880, 1000));
      assert.equal(played.reason, 'finished');
      assert.ok(Math.abs(played.heard_ms - 1000) <= 20, `heard ${played.heard_ms}`);
    }, ['--expect-tone', '880:600']);
    assert.equal(phone.code, 0, phone.output);
    const [cdr] = await server.cdrs();
    assert.equal(cdr.codec, codec);
  });
}

test('digits both ways by RFC 4733, each once', async (t) => {
  const seen = [];
  let collected;
  const { phone } = await call(t, async (c) => {
    c.on('dtmf', ({ digit, method }) => seen.push(digit + ':' + method));
    await c.answer();
    collected = await c.collect({ digits: { min: 1, max: 12, terminators: '#' }, first_input_timeout_ms: 5000 });
    await c.sendDigits('159*0#');
  }, ['--pause', '300', '--digits', '1234567890*#', '--expect-digits', '159*0#']);
  assert.equal(phone.code, 0, phone.output);
  assert.equal(collected.value, '1234567890*');
  assert.equal(collected.terminator, '#');
  assert.deepEqual(seen, [...'1234567890*#'].map((d) => d + ':rfc4733'));
});

test('barge-in stops the prompt at the first digit and says how much was heard', async (t) => {
  let result;
  const { phone } = await call(t, async (c) => {
    await c.answer();
    result = await c.prompt({
      play: tone(500, 20_000),
      collect: { digits: { min: 2, max: 2 } },
      barge_in: { digits: true },
    });
  }, ['--wait-for-audio', '--pause', '600', '--digits', '42']);
  assert.equal(phone.code, 0, phone.output);
  assert.equal(result.reason, 'match');
  assert.equal(result.value, '42');
  assert.ok(result.heard_ms >= 400 && result.heard_ms < 3000, `heard ${result.heard_ms}`);
});

test('nobody presses anything: no_input is a result, not an error', async (t) => {
  let result;
  await call(t, async (c) => {
    await c.answer();
    result = await c.collect({ digits: { min: 1, max: 1 }, first_input_timeout_ms: 300 });
  }, []);
  assert.equal(result.reason, 'no_input');
});

test('stop keeps the result, cancel drops it', async (t) => {
  let stopped;
  let error;
  await call(t, async (c) => {
    await c.answer();
    const first = c.play(tone(500, 30_000));
    await first.started;
    setTimeout(() => void first.stop(), 400);
    stopped = await first;
    const second = c.play(tone(500, 30_000));
    await second.started;
    await second.cancel();
    error = await second.then(() => undefined, (e) => e);
  }, []);
  assert.equal(stopped.reason, 'stopped');
  assert.ok(stopped.heard_ms > 100 && stopped.heard_ms < 2000, `heard ${stopped.heard_ms}`);
  assert.equal(error.outcome, 'cancelled');
});

test('when_busy: queue waits, interrupt ends what runs, reject refuses', async (t) => {
  const outcome = (op) => op.then((r) => r.reason, (e) => e.reason ?? e.code);
  let outcomes;
  await call(t, async (c) => {
    await c.answer();
    const running = c.play(tone(500, 30_000));
    await running.started;
    const queued = c.play(tone(500, 100));
    const refused = c.play({ ...tone(500, 100), when_busy: 'reject' });
    const winner = c.play({ ...tone(500, 100), when_busy: 'interrupt' });
    outcomes = await Promise.all([running, queued, refused, winner].map(outcome));
  }, []);
  assert.deepEqual(outcomes, ['interrupted', 'flushed', 'lane_busy', 'finished']);
});

test('a hang-up in the middle settles every operation and unwinds the handler quietly', async (t) => {
  const settled = [];
  const { server, application } = await call(t, async (c) => {
    await c.answer();
    const ops = [c.play(tone(500, 60_000)), c.play(tone(600, 1000)), c.collect({ digits: { min: 9, max: 9 } })];
    for (const op of ops) op.then((r) => settled.push(r.reason), (e) => settled.push(`${e.outcome}:${e.reason}`));
    await ops[0];
    assert.fail('the handler must not get here');
  }, ['--wait-for-audio', '--hangup-after', '0.5']);
  const [cdr] = await server.cdrs();
  assert.equal(cdr.party, 'caller');
  await application.calls[0].ended;
  assert.deepEqual(settled.sort(), ['cancelled:call_ended', 'failed:call_ended', 'failed:call_ended']);
});

test('speech is heard, and the WAV that the phone recorded holds it', async (t) => {
  const { phone } = await call(t, async (c) => {
    await c.answer();
    const said = await c.say('One two three four five six seven eight nine ten.');
    assert.ok(said.heard_ms > 1500, `heard ${said.heard_ms}`);
  }, ['--wait-for-audio']);
  assert.equal(phone.code, 0, phone.output);
});

test('errors name the field, and the call goes on', async (t) => {
  const errors = [];
  await call(t, async (c) => {
    await c.answer();
    const failing = [
      c.say(''),
      c.say({ ssml: '<speak><unclosed></speak>' }),
      c.say({ text: 'x', voice: 'nobody' }),
      c.play({ sources: [{ url: 'http://169.254.169.254/latest/meta-data' }] }),
      c.play({ sources: [] }),
      c.sendSip({ method: 'INFO', content_type: 'text/plain', body: 'x', headers: { 'X-A': 'a\r\nVia: b' } }),
      c.collect({ speech: {} }),
    ];
    for (const op of failing) errors.push(await op.then(() => 'succeeded', (e) => `${e.code}:${e.field ?? ''}`));
    await c.play(tone(500, 100));
  }, []);
  assert.deepEqual(errors, [
    'invalid_params:text',
    'invalid_params:ssml',
    'invalid_params:voice',
    'fetch_failed:sources[0].url',
    'invalid_params:sources',
    'invalid_params:headers.X-A',
    'not_implemented:speech',
  ]);
});

test('files: WAV from a web server is played; a text file is not', async (t) => {
  const { createServer } = await import('node:http');
  const wav = toneWav(700, 1000);
  const web = createServer((request, response) => {
    if (request.url === '/tone.wav') response.writeHead(200, { 'content-type': 'audio/wav', etag: '"1"' }).end(wav);
    else response.writeHead(200, { 'content-type': 'text/html' }).end('<html>no audio</html>');
  });
  await new Promise((resolve) => web.listen(0, '127.0.0.1', resolve));
  t.after(() => web.close());
  const base = `http://127.0.0.1:${web.address().port}`;
  let failure;
  const { phone } = await call(t, async (c) => {
    await c.answer();
    const played = await c.play(`${base}/tone.wav`);
    assert.ok(Math.abs(played.heard_ms - 1000) <= 40, `heard ${played.heard_ms}`);
    failure = await c.play(`${base}/page.html`).then(() => undefined, (e) => e);
  }, ['--expect-tone', '700:600']);
  assert.equal(phone.code, 0, phone.output);
  assert.equal(failure.code, 'unsupported_format');
});
