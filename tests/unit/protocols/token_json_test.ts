import assert from "node:assert/strict";
import fc from "fast-check";
import { formatLocalTime, formatTokenJson } from "../../../src/protocols/token_json.ts";
import { Secret } from "../../../src/secret.ts";

const zones = ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Kiritimati"]
  .concat("Pacific/Marquesas", "America/Los_Angeles");

/** Runs `work` in the time zone `zone`. */
function inZone(zone: string, work: () => void): void {
  const before = Deno.env.get("TZ");
  try {
    Deno.env.set("TZ", zone);
    work();
  } finally {
    if (before === undefined) Deno.env.delete("TZ");
    else Deno.env.set("TZ", before);
    new Date().getTimezoneOffset();
  }
}

const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.(\d{6})[+-]\d\d:\d\d$/;
const thisAge = fc.integer({ min: Date.UTC(1980), max: Date.UTC(2200) });

for (const zone of zones) {
  Deno.test(`in ${zone} an expiry reads back to the millisecond, with a fraction that is not zero`, () => {
    inZone(zone, () => {
      const whole = thisAge.map((time) => time - time % 1_000);
      fc.assert(fc.property(fc.oneof(thisAge, whole), (time) => {
        const text = formatLocalTime(time);
        assert.match(text, shape);
        assert.notEqual(shape.exec(text)?.[1], "000000");
        assert.equal(new Date(text).getTime(), time);
      }));
    });
  });
}

Deno.test("the text before the dot is local time, in summer and in winter", () => {
  inZone("America/St_Johns", () => {
    assert.equal(formatLocalTime(Date.UTC(2026, 0, 2, 12)), "2026-01-02T08:30:00.000001-03:30");
    assert.equal(
      formatLocalTime(Date.UTC(2026, 6, 2, 12, 0, 0, 45)),
      "2026-07-02T09:30:00.045000-02:30",
    );
  });
  inZone("Asia/Kathmandu", () => {
    assert.equal(formatLocalTime(Date.UTC(2026, 0, 2, 20)), "2026-01-03T01:45:00.000001+05:45");
  });
});

Deno.test("an expiry far in the future is a valid RFC 3339 time", () => {
  for (const zone of ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"]) {
    inZone(zone, () => assert.match(formatLocalTime(8.64e15), shape));
  }
});

Deno.test("the JSON has the names that SDKs read, and the expiry if known", () => {
  const answer = { token: new Secret('at-"1"'), tokenType: "Bearer" };
  const text = formatTokenJson(answer);
  assert.ok(text.endsWith("}\n"));
  assert.deepEqual(JSON.parse(text), { access_token: 'at-"1"', token_type: "Bearer" });
  const expiresAt = Date.UTC(2026, 0, 2, 12);
  const { expiry } = JSON.parse(formatTokenJson({ ...answer, expiresAt }));
  assert.equal(new Date(expiry).getTime(), expiresAt);
});
