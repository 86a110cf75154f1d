import type { SdkOutcome, SdkSetup } from "./sdk_caller.ts";
import { callAsGo } from "./sdk_go.ts";
import { callAsJava } from "./sdk_java.ts";
import { callAsPython } from "./sdk_python.ts";
import { answer, type StandIn, type StandInCli, writeStandIn } from "./stand_in_cli.ts";

/** The result of each SDK for one CLI. */
export interface Told {
  readonly go: SdkOutcome;
  readonly java: SdkOutcome;
  readonly python: SdkOutcome;
}

/** A program with the profile "p" of a host. */
export const profile = { profile: "p", host: "https://h.example" };

/** The expiry of the tokens of these CLIs, as valid UTC text and in milliseconds. */
export const good = "2026-08-21T12:00:00.5+00:00";
export const end = Date.UTC(2026, 7, 21, 12);

/** A CLI without faults. */
export const works: StandIn = { token: answer(good) };

/** Makes a test of the SDKs with the CLI `standIn`. */
export function trial(
  standIn: StandIn,
  setup: Partial<SdkSetup> | ((cli: StandInCli) => Partial<SdkSetup>),
  check: (told: Told, cli: StandInCli) => void | Promise<void>,
): () => Promise<void> {
  return async () => {
    await using cli = await writeStandIn(standIn);
    const more = typeof setup === "function" ? setup(cli) : setup;
    await check(await askAll({ env: cli.env, ...more }), cli);
  };
}

async function askAll(setup: SdkSetup): Promise<Told> {
  return {
    go: await callAsGo(setup),
    java: await callAsJava(setup),
    python: await callAsPython(setup),
  };
}

/** The kinds of results of Go, Java and Python, in this order. */
export function kinds({ go, java, python }: Told): string {
  return [go, java, python].map(({ kind }) => kind).join(" ");
}

/** The arguments with which Go, Java and Python got a token, or the kind of result without a token. */
export function words({ go, java, python }: Told): string[] {
  return [go, java, python].map((outcome) =>
    outcome.kind === "token" ? outcome.argv.slice(1).join(" ") : outcome.kind
  );
}

/** The error of the expiry for Go, Java and Python, in hours; NaN without a token. */
export function hoursLate({ go, java, python }: Told): number[] {
  return [go, java, python].map((outcome) => {
    const expiresAt = outcome.kind === "token" ? outcome.expiresAt : NaN;
    return (expiresAt - expiresAt % 1000 - end) / 3_600_000;
  });
}

export function why(outcome: SdkOutcome): string {
  return "why" in outcome ? outcome.why : "";
}
