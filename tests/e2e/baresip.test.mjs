// A softphone that we did not write: baresip over UDP, TCP and TLS, audio proven by content.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApplication } from '../support/application.mjs';
import { callWithBaresip, toneMs, toneWav } from '../support/baresip.mjs';
import { NUMBER, TandemServer, makeCertificate } from '../support/server.mjs';

const handler = async (call) => {
  await call.answer();
  await call.play({ sources: [{ tone: { frequencies_hz: [880], duration_ms: 1500 } }] });
  await call.hangup();
};

for (const transport of ['udp', 'tcp', 'tls']) {
  test(`baresip completes a call over ${transport} and hears the application`, async (t) => {
    let settings;
    let certificate;
    if (transport === 'tls') {
      certificate = await makeCertificate(t);
      settings = { sip: { listen: ['tls:127.0.0.1:0'], tls_certificate: certificate.cert, tls_key: certificate.key } };
    }
    const server = await TandemServer.start(t, settings);
    const application = await startApplication(t, handler);
    await server.provision(application.url);
    const uri = `sip:${NUMBER}@${server.sip(transport)};transport=${transport}`;
    const { output, heard } = await callWithBaresip(server, uri, {
      wav: toneWav(500, 3000),
      settings: certificate ? [`sip_cafile ${certificate.cert}`] : [],
    });
    const [cdr] = await server.cdrs();
    assert.equal(cdr.reason, 'hangup', output);
    assert.equal(cdr.transport, transport);
    assert.deepEqual(application.errors, []);
    assert.ok(cdr.quality.packets_received > 30, `received ${cdr.quality.packets_received} packets`);
    assert.ok(heard, `baresip recorded nothing: ${output}`);
    assert.ok(toneMs(heard, 880) > 1000, `heard ${toneMs(heard, 880)} ms of the tone: ${output}`);
  });
}
