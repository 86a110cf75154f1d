import { equal } from "node:assert/strict";
import { fobCommand } from "./fob_command.ts";

/** A real pseudo-terminal, through tmux, with a home of its own, in which one program runs at a time. */
export class Screen implements AsyncDisposable {
  readonly home: string;

  constructor(home: string) {
    this.home = home;
  }

  async open(): Promise<void> {
    await this.#tmux("start-server", ";", "set-option", "-g", "exit-empty", "off");
  }

  /** Starts fob, by another name if one is given; when it ends, the screen says `exit code: N`. */
  async run(
    args: readonly string[],
    variables: Readonly<Record<string, string>> = {},
    { columns = 900, name }: { readonly columns?: number; readonly name?: string } = {},
  ): Promise<void> {
    const named = name === undefined ? [] : ["bash", "-c", 'exec -a "$0" "$@"', name];
    await this.start([...named, ...await fobCommand(), ...args], variables, columns);
  }

  /** Starts a program on a screen of that many columns; when it ends, the screen says `exit code: N`. */
  async start(
    program: readonly string[],
    variables: Readonly<Record<string, string>>,
    columns: number,
  ): Promise<void> {
    const environment = {
      HOME: this.home,
      PATH: Deno.env.get("PATH") ?? "",
      DENO_DIR: Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`,
      DENO_NO_UPDATE_CHECK: "1",
      LANG: "C.UTF-8",
      NO_COLOR: "1",
      TERM: "tmux-256color",
      FOB_AUTH_STORAGE: "plaintext",
      BROWSER: "none",
      ...variables,
    };
    const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const script = 'trap : INT; env -i "$@"; printf "\\nexit code: %s\\n" "$?"; exec sleep 60';
    const command = ["sh", "-c", script, "sh", ...settings, ...program];
    await this.#tmux("new-session", "-d", "-x", `${columns}`, "-y", "50", ...command);
    await this.#tmux("pipe-pane", `cat >'${this.home}/output'`);
  }

  /** Types `text` as it is. */
  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", text);
  }

  /** Presses keys by tmux's names. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux("send-keys", ...keys);
  }

  async text(): Promise<string> {
    return await this.#tmux("capture-pane", "-p", "-S", "-");
  }

  /** The same, with lines that the terminal has broken put together again, up to the end of what is written. */
  async wholeLines(): Promise<string> {
    const text = await this.#tmux("capture-pane", "-p", "-J", "-S", "-");
    return `${text.replaceAll(/ +$/gm, "").trimEnd()}\n`;
  }

  /** Waits until the screen shows `pattern`, and gives the match. */
  async waitFor(pattern: RegExp): Promise<RegExpExecArray> {
    const deadline = performance.now() + 10_000;
    for (;;) {
      const text = await this.text();
      const found = pattern.exec(text);
      if (found !== null) return found;
      if (performance.now() > deadline) throw new Error(`There is no ${pattern} in:\n${text}`);
      await new Promise((wake) => setTimeout(wake, 30));
    }
  }

  /** Waits for fob to end with `code`. */
  async ends(code: number): Promise<void> {
    const [, found] = await this.waitFor(/^exit code: (\d+)$/m);
    equal(Number(found), code, await this.text());
    await this.#tmux("kill-session");
  }

  /** Every byte that went to the terminal, also what was overwritten since. */
  async output(): Promise<string> {
    return await Deno.readTextFile(`${this.home}/output`);
  }

  /** A file in the home; empty where there is none. */
  async file(name: string): Promise<string> {
    return await Deno.readTextFile(`${this.home}/${name}`).catch(() => "");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux("kill-server").catch(() => {});
    await Deno.remove(this.home, { recursive: true });
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    const { success, stdout, stderr } = await new Deno.Command("tmux", {
      args: ["-S", `${this.home}/tmux`, "-f", "/dev/null", ...args],
      env: { LANG: "C.UTF-8" },
    }).output();
    const decoder = new TextDecoder();
    if (!success) throw new Error(`tmux ${args[0]}: ${decoder.decode(stderr)}`);
    return decoder.decode(stdout);
  }
}

/** Opens a terminal. Its server outlives each program that runs in it. */
export async function openScreen(): Promise<Screen> {
  const screen = new Screen(await Deno.makeTempDir({ prefix: "fob-terminal-" }));
  await screen.open();
  return screen;
}
