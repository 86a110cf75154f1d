import { type Command, Option } from "@commander-js/extra-typings";
import {
  type KeepNeeds,
  type Login,
  login,
  loginAsClient,
  loginWithToken,
} from "../../credentials/login.ts";
import { findExisting, profileForLogin } from "../../credentials/login_request.ts";
import { isPlaintext, type Storage } from "../../credentials/storage.ts";
import { FobError } from "../../errors.ts";
import { chooseProfile } from "../../profiles/choose.ts";
import { platformFor } from "../../profiles/place.ts";
import { accountOf, type Profile } from "../../profiles/profile.ts";
import type { Secret } from "../../secret.ts";
import type { CommandContext } from "../context.ts";
import { choiceNeeds, keepNeeds } from "../needs.ts";
import { addCommand, type CommonOptions, examples, nameFrom, variables } from "../options.ts";
import { answer } from "../ui/answer.ts";
import { parseDuration } from "../ui/duration.ts";
import { withProgress } from "../ui/progress.ts";
import { askText } from "../ui/prompts.ts";
import { readSecret } from "../ui/read_secret.ts";
import { describePlace } from "../ui/reasons.ts";
import { askForHost, hostFrom, issuerFrom } from "./login_addresses.ts";
import { type PastedTokenOptions, replacePasted, withDefaultHost } from "./replace_pasted_token.ts";
import { terminalPrompts } from "./terminal_prompts.ts";

interface LoginOptions extends CommonOptions, PastedTokenOptions {
  readonly provider?: string;
  readonly host?: string;
  readonly accountId?: string;
  readonly workspaceId?: string;
  readonly issuer?: string;
  readonly clientId?: string;
  readonly scopes?: string;
  readonly device?: true;
  readonly withToken?: true;
  readonly withClientSecret?: true;
  readonly username?: string;
  readonly browser: boolean;
  readonly timeout: string;
}

/** The provider ID of pasted tokens without a known platform. */
const pasted = "token";

export function addLogin(auth: Command, context: CommandContext): void {
  addCommand(auth, "login", "Sign in and store the credential")
    .argument("[profile|host]", "name of the login, or address of the API")
    .addOption(
      new Option(
        "--provider <id>",
        "platform (oidc: any server with metadata, token: a pasted token)",
      )
        .choices([...context.providers.platforms.map(({ id }) => id), "token"]),
    )
    .option("--host <url>", "API that the token is for")
    .option("--account-id <id>", "account ID, if the host has several accounts (Databricks)")
    .option("--workspace-id <id>", "workspace ID, if the host has several workspaces (Databricks)")
    .option("--issuer <url>", "authorization server (default: found from the host)")
    .option("--client-id <id>", "client ID of your application")
    .option("--scopes <a,b>", "scopes to request (default: chosen by the provider)")
    .option("--device", "sign in with a code on another device")
    .option("--with-token", "store a token from stdin or a prompt")
    .option(
      "--lifetime <duration>",
      "lifetime of the token that fob creates from it (Databricks; default: 90d)",
    )
    .option("--owner <name>", "reject a token of any other user (Databricks)")
    .option("--replace", "replace the login of another user")
    .option(
      "--with-client-secret",
      "sign in with client credentials (secret from stdin or a prompt)",
    )
    .option("--username <name>", "sign in with a password from stdin or a prompt (private Astro)")
    .option("--no-browser", "print the address, do not open a browser")
    .option("--timeout <duration>", "time to wait for the sign-in", "5m")
    .addHelpText("after", loginExamples)
    .action((argument, options) => runLogin(argument, options, context));
}

const loginExamples = examples(
  "fob auth login https://api.example.com --client-id my-app",
  "fob auth login work --issuer https://login.example.com --client-id my-app",
  "fob auth login work --device",
  "fob auth login ci --with-token --host https://api.example.com < token.txt",
) + variables({
  BROWSER: "command that opens an address (none: no browser)",
  FOB_AUTH_STORAGE: "secure or plaintext: where to store the credential",
  FOB_NO_PLAINTEXT: "1: never store the credential in plaintext",
  FOB_CONFIG_FILE: "profile file",
});

async function runLogin(
  argument: string | undefined,
  given: LoginOptions,
  context: CommandContext,
): Promise<void> {
  const options = await withDefaultHost(nameFrom(argument, given), given, context);
  const timeout = parseDuration(options.timeout, "--timeout");
  if (timeout === 0) {
    throw new FobError("usage", `--timeout must be greater than 0: "${options.timeout}"`);
  }
  if (options.withToken) assertTokenAlone(options, "--with-token");
  if (options.username !== undefined) assertTokenAlone(options, "--username");
  if (options.withClientSecret && options.device) {
    throw new FobError("usage", "--with-client-secret and --device cannot be used together");
  }
  const profile = await describeProfile(nameFrom(argument, options), options, context);
  if (isPasted(profile, options) && !options.withToken) {
    assertTokenAlone(options, `Profile "${profile.name}" (provider token)`);
  }
  const storage = await context.storage.open(profile);
  const needs = keepNeeds(profile, storage, context);
  const done = await signIn(profile, options, timeout, needs, context);
  const holder = await storage.holderOf(accountOf(done.profile));
  reportLogin(done, holder ?? storage.store, options, context);
}

function isPasted({ provider }: Profile, { withToken }: LoginOptions): boolean {
  return withToken === true || provider === pasted;
}

async function signIn(
  profile: Profile,
  options: LoginOptions,
  timeout: number,
  needs: KeepNeeds & { readonly clock: CommandContext["system"]["clock"] },
  context: CommandContext,
): Promise<Login> {
  const read = (what: Parameters<typeof readSecret>[0]) => () => readSecret(what, profile, context);
  if (isPasted(profile, options)) {
    return await replacePasted(profile, options, read("token"), needs, context) ??
      await loginWithToken(profile, read("token"), needs);
  }
  const provider = await context.providers.open(profile.provider);
  const { username } = options;
  if (username !== undefined) {
    const ask = async (): Promise<Secret> =>
      await provider.signInWithPassword(profile, username, await read("password")());
    return await loginWithToken(profile, ask, needs);
  }
  if (options.withClientSecret) {
    return await loginAsClient(profile, read("client-secret"), { ...needs, provider });
  }
  const ended = new AbortController();
  const { promise: instructed, resolve: onInstruction } = Promise.withResolvers<void>();
  const promptOptions = { browser: options.browser, timeout, ended: ended.signal, onInstruction };
  const prompts = terminalPrompts(promptOptions, context);
  void withProgress("Preparing the sign-in", () => instructed, context, options.output);
  try {
    return await login(profile, await signInMethod(options, context), timeout, {
      ...needs,
      provider,
      prompts,
    });
  } finally {
    onInstruction();
    ended.abort();
  }
}

/** Without a browser, uses a device code if the server supports it, unless `--no-browser` asks for the address. */
async function signInMethod(
  { device, browser }: LoginOptions,
  { tools: { hasBrowser } }: CommandContext,
): Promise<"device" | "browser" | "headless"> {
  if (device) return "device";
  return !browser || await hasBrowser() ? "browser" : "headless";
}

/** Rejects options of a browser sign-in. `what`: the option or profile that excludes them. */
function assertTokenAlone(options: LoginOptions, what: string): void {
  const shaping = {
    "--device": options.device,
    "--issuer": options.issuer,
    "--client-id": options.clientId,
    "--scopes": options.scopes,
    "--with-client-secret": options.withClientSecret,
    "--with-token": options.withToken,
    "--username": options.username,
    "--provider oidc": options.provider === "oidc" || undefined,
  };
  const conflict = Object.entries(shaping)
    .find(([name, value]) => value !== undefined && name !== what)?.[0];
  if (conflict === undefined) return;
  throw new FobError("usage", `${what} and ${conflict} cannot be used together`);
}

/** The profile to sign in to. Prompts for the host and the client ID if they are unknown. */
async function describeProfile(
  named: string | undefined,
  options: LoginOptions,
  context: CommandContext,
): Promise<Profile> {
  const profiles = await context.storage.profiles();
  const host = await hostFrom(named, options, profiles, context);
  const existing = named === undefined ? undefined : findExisting(named, profiles);
  const platform = platformFor(
    options.provider ?? existing?.provider,
    host,
    context.providers.platforms,
  );
  const isNamed = named !== undefined || options.host !== undefined ||
    options.issuer !== undefined || platform?.host !== undefined || options.withToken;
  const request = {
    named: isNamed || profiles.names().length === 0
      ? named
      : (await chooseProfile(choiceNeeds(context))).name,
    provider: options.provider,
    withToken: options.withToken ?? false,
    host,
    accountId: options.accountId,
    workspaceId: options.workspaceId,
    issuer: await issuerFrom(options, context),
    clientId: options.clientId,
    scopes: options.scopes?.split(/[\s,]+/).filter((scope) => scope !== ""),
  };
  const isKnown = request.named !== undefined &&
    findExisting(request.named, profiles) !== undefined;
  const isEnough = isKnown || options.withToken || options.provider === pasted ||
    (request.host ?? request.issuer ?? platform?.host) !== undefined;
  const profile = profileForLogin(
    isEnough ? request : { ...request, host: await askForHost(context) },
    profiles,
    platform,
    platform && await context.storage.profileFile({ provider: platform.id }).source?.load(),
  );
  if (isPasted(profile, options) || (profile.clientId ?? platform?.clientId) !== undefined) {
    return profile;
  }
  const question = "Client ID of your application";
  return { ...profile, clientId: await askText(question, "--client-id ID", context) };
}

function reportLogin(
  { profile, identity }: Login,
  store: Storage["store"],
  { output }: LoginOptions,
  context: CommandContext,
): void {
  const { name, provider, host, issuer } = profile;
  const user = identity === undefined ? "" : ` as ${identity}`;
  const place = describePlace(store.location, isPlaintext(store));
  answer(
    output,
    { profile: name, provider, host, issuer, identity, store: store.location },
    `Signed in to "${name}"${user}.\nStored in ${place}.\n`,
    context,
  );
}
