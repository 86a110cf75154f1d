import assert from "node:assert/strict";
import { credentialLayout, credentialSize, maximumBlob } from "../../../ffi/advapi32.ts";
import { missingRigs } from "../../rigs/rigs.ts";

const ignore = (await missingRigs()).includes("wine");

/** Whether `CREDENTIALW` in the Windows headers has `layout` and `size`, checked by the compiler. */
async function isLayout(layout: Readonly<Record<string, number>>, size: number): Promise<boolean> {
  const facts = Object.entries(layout).map(([member, offset]) =>
    `_Static_assert(offsetof(CREDENTIALW, ${member}) == ${offset}, "${member}");`
  );
  const source = [
    "#include <stddef.h>",
    "#include <windows.h>",
    "#include <wincred.h>",
    ...facts,
    `_Static_assert(sizeof(CREDENTIALW) == ${size}, "size");`,
    '_Static_assert(CRED_TYPE_GENERIC == 1, "type");',
    '_Static_assert(CRED_PERSIST_LOCAL_MACHINE == 2, "persistence");',
    '_Static_assert(CRED_MAX_USERNAME_LENGTH == 513 && CRED_MAX_STRING_LENGTH == 256, "lengths");',
    '_Static_assert(ERROR_NOT_FOUND == 1168, "status");',
    '_Static_assert(ERROR_NO_SUCH_LOGON_SESSION == 1312, "status");',
  ];
  const compiler = new Deno.Command("x86_64-w64-mingw32-gcc", {
    args: ["-fsyntax-only", "-x", "c", "-"],
    stdin: "piped",
    stderr: "piped",
  }).spawn();
  const writer = compiler.stdin.getWriter();
  await writer.write(new TextEncoder().encode(source.join("\n")));
  await writer.close();
  const { success, stderr } = await compiler.output();
  const text = new TextDecoder().decode(stderr);
  assert.equal(success, !text.includes("static assertion failed"), text);
  return success;
}

Deno.test({ name: "the layout of CREDENTIALW matches the Windows headers", ignore }, async () => {
  assert.ok(await isLayout(credentialLayout, credentialSize));
});

for (const member of Object.keys(credentialLayout)) {
  Deno.test({ name: `a wrong offset of ${member} is detected`, ignore }, async () => {
    const wrong = { ...credentialLayout, [member]: 4096 };
    assert.equal(await isLayout(wrong, credentialSize), false);
  });
}

Deno.test("the maximum blob size is that of Windows 7 and later", () => {
  assert.equal(maximumBlob, 5 * 512);
});
