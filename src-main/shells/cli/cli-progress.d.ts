/** The part of cli-progress that Strata uses; the package comes without types. */
declare module 'cli-progress' {
  export interface BarOptions {
    format: string;
    hideCursor: boolean;
    clearOnComplete: boolean;
    barsize: number;
  }

  export class SingleBar {
    constructor(options: BarOptions, preset: unknown);
    start(total: number, value: number, payload: Record<string, string>): void;
    update(value: number, payload: Record<string, string>): void;
    stop(): void;
  }

  const cliProgress: { SingleBar: typeof SingleBar; Presets: { shades_classic: unknown } };
  export default cliProgress;
}
