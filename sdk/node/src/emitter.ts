// A typed event emitter in which a listener's exception breaks neither the library nor the other listeners.

export type EventMap = Record<string, unknown>;
type Listener<T> = (event: T) => void;

export class SafeEmitter<Events extends EventMap> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();
  #onListenerError: (error: unknown) => void = (error) => {
    process.emitWarning(`a Tandem event listener threw: ${String(error)}`);
  };

  on<K extends keyof Events>(type: K, listener: Listener<Events[K]>): this {
    let set = this.#listeners.get(type);
    if (set === undefined) this.#listeners.set(type, (set = new Set()));
    set.add(listener as Listener<never>);
    return this;
  }

  off<K extends keyof Events>(type: K, listener: Listener<Events[K]>): this {
    this.#listeners.get(type)?.delete(listener as Listener<never>);
    return this;
  }

  once<K extends keyof Events>(type: K, listener: Listener<Events[K]>): this {
    const once: Listener<Events[K]> = (event) => {
      this.off(type, once);
      listener(event);
    };
    return this.on(type, once);
  }

  /** Where a listener's exception goes; by default a process warning. */
  protected setListenerErrorHandler(handler: (error: unknown) => void): void {
    this.#onListenerError = handler;
  }

  /** Calls the listeners in the order of their registration. True if there was any. */
  protected emit<K extends keyof Events>(type: K, event: Events[K]): boolean {
    const set = this.#listeners.get(type);
    if (set === undefined || set.size === 0) return false;
    for (const listener of [...set]) {
      try {
        const returned: unknown = (listener as Listener<Events[K]>)(event);
        if (returned instanceof Promise) returned.catch((error: unknown) => this.#onListenerError(error));
      } catch (error) {
        this.#onListenerError(error);
      }
    }
    return true;
  }
}
