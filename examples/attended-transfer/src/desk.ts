// One customer at an agent's desk: who is joined with whom, and the moves between.

import { AttemptError, CallEndedError, type BridgeOperation, type Call, type Target } from '@tandem/sdk';

const HOLD = { sources: [{ say: { text: 'Please hold the line.' } }, { silence_ms: 8000 }], loop: 0 };

export class Desk {
  readonly customer: Call;
  readonly #agentTarget: Target;
  readonly #say: (text: string) => void;
  #agent: Call | undefined;
  #consultation: Call | undefined;
  /** The bridge that the agent is in. */
  #talk: BridgeOperation | undefined;

  constructor(customer: Call, agentTarget: Target, say: (text: string) => void) {
    this.customer = customer;
    this.#agentTarget = agentTarget;
    this.#say = say;
  }

  get state(): string {
    if (this.#consultation !== undefined) return 'on hold, you talk to the consultation';
    if (this.#agent === undefined) return this.customer.state === 'incoming' || this.customer.state === 'ringing' ? 'waits' : 'with somebody else';
    return this.customer.state === 'held' ? 'on hold' : 'talks to you';
  }

  /** Rings the agent's phone, and answers the customer once the agent is there. */
  async take(): Promise<void> {
    if (this.#agent !== undefined) throw new Error('you have taken this call');
    // The agent's phone shows who calls.
    const { call } = await this.customer.dial({ to: this.#agentTarget, from: this.customer.from });
    await this.customer.answer();
    this.#agent = call;
    call.on('ended', () => {
      // An agent who hangs up ends the conversation, unless the customer was handed on before.
      if (this.#agent === call) this.customer.hangup();
    });
    await this.#join(this.customer, call);
  }

  async hold(): Promise<void> {
    this.#needAgent();
    await this.customer.hold({ music: HOLD });
  }

  async unhold(): Promise<void> {
    this.#needAgent();
    await this.customer.unhold();
  }

  /** Puts the customer on hold and calls somebody; the agent hears it ring. */
  async consult(target: string): Promise<void> {
    const agent = this.#needAgent();
    if (this.#consultation !== undefined) throw new Error('you are in a consultation: "transfer" or "back" first');
    await this.#part();
    await this.customer.hold({ music: HOLD });
    // A trunk may allow numbers of yours only: the one that the customer called is.
    const talk = agent.bridge({ dial: { to: target, from: this.customer.to }, on_peer_leave: 'ivr', peer_on_leave: 'ivr' });
    try {
      const bridge = await talk.connected;
      this.#follow(talk);
      this.#consultation = bridge.other(agent);
      this.#consultation?.once('ended', () => {
        if (this.#consultation === undefined) return;
        this.#consultation = undefined;
        this.#say('the consultation hung up: "back" to return to the customer');
      });
    } catch (error) {
      if (!(error instanceof AttemptError)) throw error;
      this.#say(`not reached: ${error.attempts.at(-1)?.outcome ?? error.code}; back to the customer`);
      await this.back();
    }
  }

  /** Joins the customer with the consultation and leaves. */
  async transfer(): Promise<void> {
    const agent = this.#needAgent();
    const consultation = this.#consultation;
    if (consultation === undefined) throw new Error('there is no consultation: "consult TARGET" first');
    this.#agent = undefined;
    this.#consultation = undefined;
    try {
      await this.customer.unhold();
      await this.customer.transfer(consultation);
    } catch (error) {
      this.#agent = agent;
      if (consultation.state !== 'ended') this.#consultation = consultation;
      throw error;
    }
    agent.hangup();
  }

  /** Ends the consultation and goes back to the customer. */
  async back(): Promise<void> {
    const agent = this.#needAgent();
    const consultation = this.#consultation;
    this.#consultation = undefined;
    await this.#part();
    consultation?.hangup();
    await this.customer.unhold();
    await this.#join(this.customer, agent);
  }

  /** Hands the customer on without asking; comes back to the agent when nobody answers. */
  async blind(target: string): Promise<void> {
    const agent = this.#needAgent();
    this.#agent = undefined;
    try {
      await this.customer.transfer({ to: target, on_fail: 'resume' });
    } catch (error) {
      this.#agent = agent;
      throw error;
    }
    agent.hangup();
  }

  hangup(): void {
    this.customer.hangup();
  }

  #needAgent(): Call {
    if (this.#agent === undefined) throw new Error('you do not talk to this customer');
    return this.#agent;
  }

  async #join(a: Call, b: Call): Promise<void> {
    const talk = a.bridge(b);
    await talk.connected;
    this.#follow(talk);
  }

  /** Keeps the bridge, to end it when the calls are to be joined otherwise. */
  #follow(talk: BridgeOperation): void {
    this.#talk = talk;
    talk
      .catch((error: unknown) => {
        if (!(error instanceof CallEndedError)) this.#say(String(error));
      })
      .finally(() => {
        if (this.#talk === talk) this.#talk = undefined;
      });
  }

  async #part(): Promise<void> {
    const talk = this.#talk;
    if (talk === undefined) return;
    await talk.stop();
    await talk.catch(() => undefined);
  }
}
