import { EventEmitter } from 'node:events';

/** Preloaded in a utility process: the channel to its parent in the shape Electron gives it. */
class ParentPort extends EventEmitter {
  private readonly early: unknown[] = [];

  constructor() {
    super();
    // As in Electron, messages wait for the first listener.
    this.on('newListener', (name) => {
      if (name === 'message') setImmediate(() => this.deliverEarly());
    });
  }

  postMessage(message: unknown): void {
    process.send?.(message);
  }

  private deliverEarly(): void {
    for (const data of this.early.splice(0)) this.deliver(data);
  }

  deliver(data: unknown): void {
    if (this.listenerCount('message') > 0) this.emit('message', { data });
    else this.early.push(data);
  }
}

const port = new ParentPort();
process.on('message', (data) => port.deliver(data));
Object.defineProperty(process, 'parentPort', { value: port });
