import { medianOf, type Results } from "./results.ts";
import { floorStorm, type Storm } from "./storms.ts";
import { ratio, table } from "./table.ts";

/** A target. */
interface Target {
  readonly what: string;
  readonly measured: number | undefined;
  readonly atMost: number;
  /** Milliseconds; a ratio if absent. */
  readonly unit?: "ms";
  /** Note on the measured value. */
  readonly beside?: string;
}

/** Maximum ratio that counts as flat for a thousandfold input. */
const flat = 1.1;

/** The measured value, the target, and whether it is met. */
export function targetTable(results: Results): string {
  const lines = [...ofOne(results), ...ofStorms(results)].map((target) => {
    const { what, measured, atMost, beside } = target;
    const shown = measured === undefined ? "not measured" : write(measured, target);
    return [
      what,
      beside === undefined ? shown : `${shown} (${beside})`,
      write(atMost, target),
      measured === undefined ? "" : measured <= atMost ? "met" : "**missed**",
    ];
  });
  return table(["", "measured", "at most", "target"], 1, lines);
}

function write(value: number, { unit }: Target): string {
  return unit === undefined ? value.toFixed(2) : `${value.toFixed(0)} ms`;
}

function ofOne({ measured }: Results): Target[] {
  const of = (name: string): number => medianOf(measured, name) ?? NaN;
  const beside = (kept: string): number | undefined => {
    const gh = medianOf(measured, `gh auth token, ${kept}`);
    return gh === undefined ? undefined : of(`fob auth token, ${kept}`) / gh;
  };
  const floor = of("empty Deno script") + of("secret-tool lookup");
  return [
    {
      what: "stored token in the Secret Service, compared with the floor",
      measured: of("fob auth token, Secret Service") / floor,
      atMost: 1.25,
    },
    {
      what: "stored token in the Secret Service, compared with `gh auth token`",
      measured: beside("Secret Service"),
      atMost: 0.7,
    },
    {
      what: "stored token in a file, compared with `gh auth token`",
      measured: beside("file"),
      atMost: 0.7,
    },
    { what: "1,000 profiles, compared with one", measured: of("1000") / of("1"), atMost: flat },
  ];
}

function ofStorms({ storms }: Results): Target[] {
  const find = (count: number, kind: Storm["kind"]): Storm | undefined =>
    storms.find((storm) => storm.count === count && storm.kind === kind);
  const one = find(1, "expired")?.median ?? NaN;
  const many = find(50, "expired");
  const atMost = 1.5 * one + 300;
  const floor = find(50, floorStorm)?.median ?? NaN;
  const beside = `${ratio(many?.median ?? NaN, floor)} times the floor of ${floor.toFixed(0)} ms`;
  return [
    {
      what: "50 processes at expiry, after all wait for the lock",
      measured: many?.fromLock,
      atMost,
      unit: "ms",
    },
    {
      what: "50 processes at expiry, from their start",
      measured: many?.median,
      atMost,
      unit: "ms",
      beside,
    },
  ];
}
