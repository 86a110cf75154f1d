import assert from "node:assert/strict";
import {
  childVariables,
  readAssignment,
  servedVariables,
} from "../../../src/api/child_environment.ts";
import { Secret } from "../../../src/secret.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";

const child = { token: new Secret("t-1"), tokenType: "Bearer", host: "https://api.example" };
const forge = {
  id: "forge",
  title: "Forge",
  variables: {
    token: ["FORGE_TOKEN", "FORGE_PAT"],
    host: "FORGE_HOST",
    outranking: ["FORGE_CLIENT_SECRET"],
  },
} as const;

Deno.test("the variables have the token for all tools and for the platform's own tools", () => {
  const usual = { API_TOKEN: "t-1", API_HOST: "https://api.example" };
  assert.deepEqual(childVariables(child, undefined), { set: usual, unset: [] });
  assert.deepEqual(childVariables(child, forge), {
    set: { ...usual, FORGE_TOKEN: "t-1", FORGE_HOST: "https://api.example" },
    unset: ["FORGE_PAT", "FORGE_CLIENT_SECRET"],
  });
});

Deno.test("without a host, the host variables of another credential are removed", () => {
  const { set, unset } = childVariables({ token: new Secret("t-1"), tokenType: "Bearer" }, forge);
  assert.deepEqual(set, { API_TOKEN: "t-1", FORGE_TOKEN: "t-1" });
  assert.deepEqual(unset, ["FORGE_PAT", "FORGE_CLIENT_SECRET", "API_HOST", "FORGE_HOST"]);
});

const served = {
  url: new Secret("http://127.0.0.1:9/place"),
  key: new Secret("local-key"),
  metadataUrl: new Secret("http://127.0.0.1:9/other"),
};

Deno.test("the variables of an endpoint have no token, and the token variables are removed", () => {
  assert.deepEqual(servedVariables({ ...child, served }, forge, environmentOf({})), {
    set: {
      FOB_SERVE_URL: "http://127.0.0.1:9/place",
      FOB_SERVE_KEY: "local-key",
      API_HOST: "https://api.example",
      FORGE_HOST: "https://api.example",
    },
    unset: ["API_TOKEN", "FORGE_TOKEN", "FORGE_PAT", "FORGE_CLIENT_SECRET"],
  });
});

Deno.test("the variables make a platform's tools use the metadata service", () => {
  const service = { url: "FORGE_SERVICE", choice: ["FORGE_AUTH", "service"] } as const;
  const outranking = ["FORGE_AUTH", "FORGE_SERVICE", "FORGE_CLIENT_SECRET"] as const;
  const platform = { ...forge, variables: { ...forge.variables, outranking, service } };
  const { set, unset } = servedVariables({ ...child, served }, platform, environmentOf({}));
  assert.equal(set["FORGE_SERVICE"], "http://127.0.0.1:9/other");
  assert.equal(set["FORGE_AUTH"], "service");
  assert.deepEqual(unset, ["API_TOKEN", "FORGE_TOKEN", "FORGE_PAT", "FORGE_CLIENT_SECRET"]);
});

Deno.test("127.0.0.1 is exempted from the configured proxies", () => {
  const noProxy = (variables: Record<string, string>): unknown => {
    const { set } = servedVariables({ served }, undefined, environmentOf(variables));
    return [set["no_proxy"], set["NO_PROXY"]];
  };
  const proxy = { HTTP_PROXY: "http://proxy.example:3128" };
  const none = [undefined, undefined];
  assert.deepEqual(noProxy({}), none);
  assert.deepEqual(noProxy(proxy), ["127.0.0.1", "127.0.0.1"]);
  const others = "a.example,127.0.0.1";
  assert.deepEqual(noProxy({ ...proxy, NO_PROXY: " a.example," }), [others, others]);
  assert.deepEqual(noProxy({ ...proxy, no_proxy: others }), none);
  assert.deepEqual(noProxy({ ...proxy, no_proxy: "*" }), none);
});

Deno.test("an assignment of url may have a path", () => {
  const given = { ...child, served };
  const read = (text: string): string => readAssignment(text, given, "--env")[1];
  assert.equal(read("A=key"), "local-key");
  assert.equal(read("A=url"), "http://127.0.0.1:9/place");
  assert.equal(read("A=url/v1/x?y=z"), "http://127.0.0.1:9/place/v1/x?y=z");
  assert.throws(() => read("A=key/v1"), { code: "usage" });
  assert.throws(() => readAssignment("A=url", child, "--env"), {
    code: "usage",
    message: "--env A=url: this field needs --serve",
  });
});

Deno.test("an assignment names a variable and a field", () => {
  assert.deepEqual(readAssignment("A_1=token", child, "--env"), ["A_1", "t-1"]);
  assert.deepEqual(readAssignment("A=authorization", child, "--env"), ["A", "Bearer t-1"]);
  assert.deepEqual(readAssignment("A=host", child, "--env"), ["A", "https://api.example"]);
});

Deno.test("an assignment of an unknown or missing field is an error with the option", () => {
  for (const text of ["", "A", "=token", "1A=token", "A=toString", "A=token=x", "A B=token"]) {
    assert.throws(() => readAssignment(text, child, "--file"), {
      code: "usage",
      message: /^Invalid --file/,
    });
  }
  const { host: _host, ...homeless } = child;
  assert.throws(() => readAssignment("A=host", homeless, "--env"), { code: "usage" });
});
