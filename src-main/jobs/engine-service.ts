import { errorCodes, StrataError } from '../contract/errors.ts';
import type { Questions } from '../pipeline/questions/index.ts';
import { type Launched, launch } from './launch.ts';

type Input<Name extends keyof Questions> = Parameters<Questions[Name]>[1];
type Answer<Name extends keyof Questions> = Awaited<ReturnType<Questions[Name]>>;

/** Messages of the service's process. */
export type EngineRequest = { id: number; question: string; input: unknown } | { id: number; cancel: true };
export type EngineReply =
  | { id: number; answer: unknown }
  | { id: number; error: { code: string | undefined; message: string } };

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/**
 * A process that answers a window's questions about one project while it is open: onnxruntime would block the window's
 * own. It starts with the first question; if native code crashes it, the questions under way fail and the next one
 * starts it anew.
 */
export class EngineService {
  readonly #dir: string;
  #child: Launched | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  /** dir: the project folder. */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Rejects with the StrataError of the answer, with an AbortError when cancelled, JOB_FAILED when the process dies. */
  async ask<Name extends keyof Questions>(
    question: Name,
    input: Input<Name>,
    signal?: AbortSignal,
  ): Promise<Answer<Name>> {
    signal?.throwIfAborted();
    const child = this.#running();
    const id = ++this.#lastId;
    const cancel = () => child.send({ id, cancel: true } satisfies EngineRequest);
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await new Promise<Answer<Name>>((resolve, reject) => {
        this.#waiting.set(id, { resolve: (answer) => resolve(answer as Answer<Name>), reject });
        child.send({ id, question, input } satisfies EngineRequest);
      });
    } finally {
      this.#waiting.delete(id);
      signal?.removeEventListener('abort', cancel);
    }
  }

  close(): void {
    this.#child?.kill();
  }

  #running(): Launched {
    if (this.#child) return this.#child;
    const child = launch('engine-service-host', { args: [this.#dir], output: 'errors' });
    child.onMessage((reply) => this.#take(reply as EngineReply));
    void child.ended.then((how) => {
      if (this.#child === child) this.#child = undefined;
      const message = `the engine process ${how}; ask again`;
      for (const { reject } of this.#waiting.values()) reject(new StrataError('JOB_FAILED', message));
    });
    this.#child = child;
    return child;
  }

  #take(reply: EngineReply): void {
    const waiting = this.#waiting.get(reply.id);
    if ('answer' in reply) {
      waiting?.resolve(reply.answer);
      return;
    }
    const { code, message } = reply.error;
    const known = errorCodes.find((candidate) => candidate === code);
    waiting?.reject(
      known ? new StrataError(known, message) : Object.assign(new Error(message), { name: code ?? 'Error' }),
    );
  }
}
