import assert from "node:assert/strict";
import fc from "fast-check";
import { describeDuration, parseDuration } from "../../../../src/cli/ui/duration.ts";

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const part = fc.record({
  count: fc.nat({ max: 999_999 }),
  unit: fc.constantFrom("s", "m", "h", "d"),
});

Deno.test("a duration is the sum of its parts", () => {
  fc.assert(fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
    const text = parts.map(({ count, unit }) => `${count}${unit}`).join("");
    const sum = parts.reduce((sum, { count, unit }) => sum + count * units[unit], 0);
    assert.equal(parseDuration(text, "--timeout"), sum);
  }));
});

Deno.test("durations with units are parsed", () => {
  const durations = {
    "90s": 90_000,
    "5m": 300_000,
    "1h30m": 5_400_000,
    "2d": 172_800_000,
    "0": 0,
    "0s": 0,
  };
  for (const [text, milliseconds] of Object.entries(durations)) {
    assert.equal(parseDuration(text, "--timeout"), milliseconds, text);
  }
});

Deno.test("an invalid duration is a usage error with the option and an example", () => {
  const wrongs = [
    "",
    "5",
    "m",
    "-5m",
    "5M",
    "1.5h",
    "5 m",
    " 5m",
    "5m ",
    "5m\n",
    "1e3s",
    "\u0665m",
    "1234567s",
  ];
  for (const text of wrongs) {
    assert.throws(() => parseDuration(text, "--timeout"), {
      code: "usage",
      message: `--timeout is not a duration: "${text}"`,
      facts: { option: "--timeout", example: "90s, 5m, 1h30m" },
    }, JSON.stringify(text));
  }
});

Deno.test("any text is a duration or a usage error with a short message", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."0159smhd -.x"), maxLength: 200 }), (text) => {
      try {
        assert.ok(Number.isSafeInteger(parseDuration(text, "--timeout")));
      } catch (error) {
        assert.ok(error instanceof Error && error.name === "FobError" && error.message.length < 80);
      }
    }),
  );
});

Deno.test("a duration is described in its largest fitting unit", () => {
  const described = {
    "0 s": 0,
    "1 s": 600,
    "89 s": 89_000,
    "59 min": 59 * units.m,
    "89 min": 89 * units.m,
    "3 h": 3 * units.h,
    "2 days": 2 * units.d,
    "90 days": 90 * units.d,
  };
  for (const [text, milliseconds] of Object.entries(described)) {
    assert.equal(describeDuration(milliseconds), text);
  }
});

Deno.test("a described duration differs by at most a half", () => {
  const milliseconds = { s: units.s, min: units.m, h: units.h, days: units.d };
  fc.assert(fc.property(fc.integer({ min: 1_000, max: 400 * units.d }), (duration) => {
    const [count, unit] = describeDuration(duration).split(" ") as [
      string,
      keyof typeof milliseconds,
    ];
    const rounded = Number(count) * milliseconds[unit];
    assert.ok(Math.abs(rounded - duration) <= duration / 2, `${duration}: ${count} ${unit}`);
  }));
});
