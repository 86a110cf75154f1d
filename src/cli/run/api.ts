import type { Command } from "@commander-js/extra-typings";
import { apiAddress } from "../../api/address.ts";
import { callApi } from "../../api/call.ts";
import { readHeaders } from "../../api/request_headers.ts";
import { FobError } from "../../errors.ts";
import { present } from "../../present.ts";
import type { Choice } from "../../profiles/choose.ts";
import { originsOf } from "../../profiles/profile.ts";
import { authorization } from "../../protocols/authorization.ts";
import { hasScheme } from "../../text/address.ts";
import type { FoundToken, TokenRequest } from "../../tokens/token.ts";
import { chooseTraced, tokenForChoice } from "../../tokens/token_for_choice.ts";
import { audited } from "../audited.ts";
import { readTokenRequest } from "../auth/token.ts";
import type { CommandContext } from "../context.ts";
import { findTokenNeeds, tokenNeeds } from "../needs.ts";
import {
  addCommand,
  type CommonOptions,
  examples,
  minTtlHelp,
  nameFrom,
  oneMore,
} from "../options.ts";

interface ApiOptions extends CommonOptions {
  readonly data?: string;
  readonly header?: readonly string[];
  readonly include?: true;
  readonly paginate?: true;
  readonly minTtl?: string;
}

export function addApi(program: Command, context: CommandContext): void {
  addCommand(program, "api", "Send an HTTP request with a fresh token and print the response")
    .argument("<method>", "GET, POST, ...")
    .argument("<path>", "path below the API's address, or a full URL at its host")
    .argument("[profile|host]", "profile or host of the token (default: the current login)")
    .option("-d, --data <body>", "send this body: text, @FILE, or @- for standard input")
    .option("-H, --header <header>", "add a header, as Name: value (repeatable)", oneMore)
    .option("-i, --include", "print the status and the headers before the body")
    .option("--paginate", "fetch all pages and print them one after another")
    .option("--min-ttl <duration>", minTtlHelp)
    .addHelpText(
      "after",
      examples(
        "fob api GET /v1/me",
        `fob api POST /v1/projects -d '{"name": "new"}'`,
        "fob api PUT /v1/files/logo work -d @logo.png -H 'Content-Type: image/png'",
        "fob api GET '/v1/projects?limit=100' --paginate | jq '.[].name'",
      ),
    )
    .action((method, path, argument, options) =>
      runApi(method, path, nameFrom(argument, options), options, context)
    );
}

async function runApi(
  typedMethod: string,
  path: string,
  named: string | undefined,
  options: ApiOptions,
  context: CommandContext,
): Promise<void> {
  const method = readMethod(typedMethod, options);
  const request = readTokenRequest(options);
  const headers = readHeaders(options.header ?? []);
  if (options.data && !headers.has("content-type")) headers.set("content-type", "application/json");
  const { fetch, write, body: readBody } = await context.io.transfer();
  const body = options.data === undefined ? undefined : await readBody(options.data);
  const ask = askerFor(named, originsIn(path), context);
  const token = await ask(request);
  const platform = context.providers.platforms.find(({ id }) => id === token.provider);
  const api = await requireApi(token.host ?? platform?.host, token.provider, context);
  const value = authorizationOf(token);
  const call = {
    method,
    headers,
    url: apiAddress(path, api),
    api,
    include: options.include ?? false,
    paginate: options.paginate ?? false,
    ...present({ body, pages: platform?.pages }),
  };
  await callApi(call, {
    fetch,
    write,
    clock: context.system.clock,
    trace: context.io.trace,
    authorization: async (fresh) =>
      fresh ? authorizationOf(await ask({ ...request, force: true })) : value,
  });
}

/** Returns a function that gets tokens. The first call chooses the login; later calls use the same one. */
function askerFor(
  named: string | undefined,
  origins: readonly string[] | undefined,
  context: CommandContext,
): (request: TokenRequest) => Promise<FoundToken> {
  let choice: Choice | undefined;
  return (request) =>
    audited("api", context, async () => {
      // A second choice could find another login, with a token that is not for this API.
      choice ??= await chooseTraced(named, findTokenNeeds(context), origins);
      return await tokenForChoice(choice, request, tokenNeeds(context));
    });
}

/** The origins of a full URL; `undefined` for a path. */
function originsIn(path: string): string[] | undefined {
  return hasScheme(path) ? originsOf(path) : undefined;
}

function authorizationOf({ token: secret, tokenType }: FoundToken): string {
  return authorization({ secret, tokenType });
}

/** @throws {FobError} `usage` for an invalid method, or options that it does not support. */
function readMethod(text: string, { data, paginate }: ApiOptions): string {
  const method = text.toUpperCase();
  const example = { facts: { example: "fob api GET /v1/me" } };
  if (!/^[A-Z][A-Z-]*$/.test(method)) {
    throw new FobError("usage", `"${text.slice(0, 40)}" is not an HTTP method`, example);
  }
  if (["CONNECT", "TRACE", "TRACK"].includes(method)) {
    throw new FobError("usage", `The method ${method} is not supported`, example);
  }
  if (data !== undefined && ["GET", "HEAD"].includes(method)) {
    throw new FobError("usage", `--data cannot be used with ${method}: the request has no body`);
  }
  if (paginate && method !== "GET") {
    throw new FobError(
      "usage",
      `--paginate cannot be used with ${method}: only GET responses have pages`,
    );
  }
  return method;
}

/**
 * The address of the API that the token of a login is for.
 *
 * @throws {FobError} `usage` for a login without a host, or if tokens may not be sent to its host.
 */
export async function requireApi(
  host: string | undefined,
  provider: string | undefined,
  context: CommandContext,
): Promise<URL> {
  if (host !== undefined) return await context.providers.secureAddress(host, "host");
  const facts = provider === undefined
    ? { option: "API_HOST" }
    : { example: "fob auth login work --host https://api.example.com" };
  throw new FobError("usage", "This login has no API host", {
    facts,
  });
}
