import { equal } from "node:assert/strict";
import { fobCommand } from "./fob_command.ts";

/** A real pseudo-terminal in tmux, with a temporary home. It runs one program at a time. */
export class Screen implements AsyncDisposable {
  readonly home: string;

  constructor(home: string) {
    this.home = home;
  }

  async open(): Promise<void> {
    await this.#tmux("start-server", ";", "set-option", "-g", "exit-empty", "off");
  }

  /** Starts fob, under another name if given. When it ends, the screen shows `exit code: N`. */
  async run(
    args: readonly string[],
    variables: Readonly<Record<string, string>> = {},
    { columns = 900, name }: { readonly columns?: number; readonly name?: string } = {},
  ): Promise<void> {
    const named = name === undefined ? [] : ["bash", "-c", 'exec -a "$0" "$@"', name];
    await this.start([...named, ...await fobCommand(), ...args], variables, columns);
  }

  /** Starts a program on a screen with `columns`. When it ends, the screen shows `exit code: N`. */
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

  /** Types `text` literally. */
  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", text);
  }

  /** Presses keys, in tmux's notation. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux("send-keys", ...keys);
  }

  async text(): Promise<string> {
    return await this.#tmux("capture-pane", "-p", "-S", "-");
  }

  /** The text with wrapped lines joined, without trailing spaces and lines. */
  async wholeLines(): Promise<string> {
    const text = await this.#tmux("capture-pane", "-p", "-J", "-S", "-");
    return `${text.replaceAll(/ +$/gm, "").trimEnd()}\n`;
  }

  /** Waits until the screen matches `pattern`, and returns the match. */
  async waitFor(pattern: RegExp): Promise<RegExpExecArray> {
    const deadline = performance.now() + 10_000;
    for (;;) {
      const text = await this.text();
      const found = pattern.exec(text);
      if (found !== null) return found;
      if (performance.now() > deadline) {
        throw new Error(`Screen does not match ${pattern}:\n${text}`);
      }
      await new Promise((wake) => setTimeout(wake, 30));
    }
  }

  /** Waits until fob exits, and asserts the exit code. */
  async ends(code: number): Promise<void> {
    const [, found] = await this.waitFor(/^exit code: (\d+)$/m);
    equal(Number(found), code, await this.text());
    await this.#tmux("kill-session");
  }

  /** All bytes that were written to the terminal, overwritten text included. */
  async output(): Promise<string> {
    return await Deno.readTextFile(`${this.home}/output`);
  }

  /** The text of a file in the home; empty if it does not exist. */
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

/** Opens a terminal, in which programs can be run one after another. */
export async function openScreen(): Promise<Screen> {
  const screen = new Screen(await Deno.makeTempDir({ prefix: "fob-terminal-" }));
  await screen.open();
  return screen;
}
