import { isStrataError } from '../contract/errors.ts';
import { questions } from '../pipeline/questions/index.ts';
import { openProject } from '../store/project.ts';
import type { EngineReply, EngineRequest } from './engine-service.ts';
import { onParentGone, onParentMessage, tellParent } from './parent.ts';

/** Entry of the process behind EngineService: `engine-service-host.ts PROJECT`. Questions are answered one by one. */
const project = await openProject(process.argv[2]);
const underWay = new Map<number, AbortController>();
let last: Promise<void> = Promise.resolve();

onParentMessage((received) => {
  const message = received as EngineRequest;
  if ('cancel' in message) {
    underWay.get(message.id)?.abort();
    return;
  }
  underWay.set(message.id, new AbortController());
  last = last.then(() => answer(message));
});

// Nobody is left to ask.
onParentGone(() => process.exit(0));

async function answer({ id, question, input }: Extract<EngineRequest, { question: string }>): Promise<void> {
  const send = (reply: EngineReply) => tellParent(reply);
  const controller = underWay.get(id) ?? new AbortController();
  try {
    controller.signal.throwIfAborted();
    if (!Object.hasOwn(questions, question)) throw new Error(`nobody answers the question ${question}`);
    // The asking side is typed by the same list.
    const ask = questions[question as keyof typeof questions] as (...given: unknown[]) => Promise<unknown>;
    send({ id, answer: await ask(project, input, controller.signal) });
  } catch (error) {
    const code = isStrataError(error) ? error.code : error instanceof Error ? error.name : undefined;
    send({ id, error: { code, message: error instanceof Error ? error.message : String(error) } });
  } finally {
    underWay.delete(id);
  }
}
