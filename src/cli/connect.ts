import { Argument, type Command } from "@commander-js/extra-typings";
import { chooseProfile, findProfile } from "../credentials/choose.ts";
import type { Change, ConnectWish, SettingsFormats, Tool } from "../credentials/connection.ts";
import { connect, type ConnectNeeds } from "../credentials/connect.ts";
import { disconnect } from "../credentials/disconnect.ts";
import { addressOf } from "../credentials/finding.ts";
import { modelAddress } from "../credentials/model_place.ts";
import { hostsOf } from "../credentials/place.ts";
import { planConnection, type Planned } from "../credentials/plan_connection.ts";
import type { Profile } from "../credentials/profile.ts";
import { FobError } from "../errors.ts";
import { requireApi } from "./api.ts";
import { describePlanned, describeTakenBack, plannedFields } from "./describe_connection.ts";
import { addCommand, type CommonOptions, examples, nameFrom } from "./options.ts";
import { askConsent } from "./prompts.ts";
import type { World } from "./world.ts";

interface ConnectOptions extends CommonOptions {
  readonly host?: string;
  readonly print?: true;
  readonly undo?: true;
  readonly yes?: true;
  readonly baseUrl?: string;
  readonly model?: string;
}

/** The tools by the names that people type. Each is loaded alone. */
const tools = {
  git: async (): Promise<Tool> => (await import("../agents/connect_git.ts")).git,
  docker: async (): Promise<Tool> => (await import("../agents/connect_docker.ts")).docker,
  kubectl: async (): Promise<Tool> => (await import("../agents/connect_kubectl.ts")).kubectl,
  terraform: async (): Promise<Tool> => (await import("../agents/connect_terraform.ts")).terraform,
  cargo: async (): Promise<Tool> => (await import("../agents/connect_cargo.ts")).cargo,
  pnpm: async (): Promise<Tool> => (await import("../agents/connect_pnpm.ts")).pnpm,
  databricks: async (): Promise<Tool> =>
    (await import("../agents/connect_databricks.ts")).connectDatabricks,
  claude: async (): Promise<Tool> => (await import("../agents/connect_claude.ts")).connectClaude,
  codex: async (): Promise<Tool> => (await import("../agents/connect_codex.ts")).connectCodex,
  pi: async (): Promise<Tool> => (await import("../agents/connect_pi.ts")).connectPi,
  crush: async (): Promise<Tool> => (await import("../agents/connect_crush.ts")).connectCrush,
  opencode: async (): Promise<Tool> =>
    (await import("../agents/connect_by_exec.ts")).connectOpencode,
  gemini: async (): Promise<Tool> => (await import("../agents/connect_by_exec.ts")).connectGemini,
  copilot: async (): Promise<Tool> => (await import("../agents/connect_by_exec.ts")).connectCopilot,
};

type ToolName = keyof typeof tools;

const toolNames: readonly ToolName[] = [
  "git",
  "docker",
  "kubectl",
  "terraform",
  "cargo",
  "pnpm",
  "databricks",
  "claude",
  "codex",
  "pi",
  "crush",
  "opencode",
  "gemini",
  "copilot",
];

export function addConnect(program: Command, world: World): void {
  addCommand(program, "connect", "Make another tool ask fob for its credentials")
    .addArgument(new Argument("<tool>", "which tool").choices(toolNames))
    .argument("[profile]", "the profile that answers; by its host if not given")
    .option("--host <url>", "where the tool uses it; the profile's host if not given")
    .option("--model <name>", "which model a coding agent is to use")
    .option("--base-url <path>", "where the host has models for a coding agent")
    .option("--print", "show what would change, and change nothing")
    .option("--undo", "give back everything that was changed for the tool")
    .option("-y, --yes", "do not ask before a link is made in your own folder for programs")
    .addHelpText(
      "after",
      examples(
        "fob connect git --print",
        "fob connect docker --host https://registry.example.com",
        "fob connect claude work",
        "fob connect git --undo",
      ),
    )
    .action(async (tool, argument, options) => {
      await runConnect(await tools[tool](), nameFrom(argument, options), options, world);
    });
}

async function runConnect(
  tool: Tool,
  named: string | undefined,
  options: ConnectOptions,
  world: World,
): Promise<void> {
  const needs = await needsIn(world);
  if (options.undo) return await runUndo(tool, named, options, needs, world);
  const changes = await changesFor(tool, named, options, needs, world);
  const isDone = options.print === undefined;
  const plan = await planConnection(tool.tool, changes, needs);
  if (tool.remark !== undefined) world.notice(tool.remark);
  if (isDone) await assertConsent(tool, plan, options, world);
  const { offerMigration } = await import("./offer_migration.ts");
  await offerMigration(tool.tool, options, world);
  const planned = isDone ? await connect(tool.tool, changes, needs) : plan;
  world.terminal.answer(
    options.output === "json"
      ? `${JSON.stringify(plannedFields(tool.tool, planned, isDone), undefined, 2)}\n`
      : describePlanned(tool.tool, planned, isDone),
  );
}

/** A program by another name, among a person's own, is not made unasked. */
async function assertConsent(
  { tool }: Tool,
  planned: readonly Planned[],
  { yes }: ConnectOptions,
  world: World,
): Promise<void> {
  for (const plan of planned) {
    if (yes || plan.kind !== "link" || !plan.isElsewhere) continue;
    const question = `Make the link "${plan.path}" to fob, so that ${tool} finds it?`;
    if (await askConsent(question, "--yes", world)) continue;
    throw new FobError("declined", "Nothing was changed");
  }
}

async function runUndo(
  tool: Tool,
  named: string | undefined,
  { host, print, output, model, baseUrl }: ConnectOptions,
  needs: ConnectNeeds,
  world: World,
): Promise<void> {
  const others = {
    "--host": host,
    "--print": print,
    "--model": model,
    "--base-url": baseUrl,
    "a profile": named,
  };
  const [other] = Object.entries(others).find(([, value]) => value !== undefined) ?? [];
  if (other !== undefined) {
    throw new FobError("usage", `--undo is for all of a tool: ${other} goes without it`);
  }
  const outcomes = await disconnect(tool, needs);
  world.terminal.answer(
    output === "json"
      ? `${JSON.stringify({ tool: tool.tool, taken_back: outcomes }, undefined, 2)}\n`
      : describeTakenBack(outcomes),
  );
}

async function needsIn(world: World): Promise<ConnectNeeds> {
  return {
    formats: await loadFormats(),
    tools: await world.otherTools(),
    notes: world.notes(),
    locks: world.locks(),
    uninterrupted: world.uninterrupted,
  };
}

async function loadFormats(): Promise<SettingsFormats> {
  const { hcl } = await import("../agents/hcl_edits.ts");
  const { json, jsonc } = await import("../agents/json_edits.ts");
  const { lines } = await import("../agents/line_edits.ts");
  const { toml } = await import("../agents/toml_edits.ts");
  const { ini } = await import("../credentials/ini_settings.ts");
  return { hcl, ini, json, jsonc, lines, toml };
}

async function changesFor(
  tool: Tool,
  named: string | undefined,
  options: ConnectOptions,
  { tools }: ConnectNeeds,
  world: World,
): Promise<readonly Change[]> {
  if (named === undefined && tool.needsProfile) {
    throw new FobError("usage", `${tool.tool} does not say for which host it asks`, {
      facts: { example: `fob connect ${tool.tool} PROFILE` },
    });
  }
  const folder = `${world.directories().state}/connect`;
  const wish: ConnectWish = {
    fob: await tools.ownPath(),
    folder,
    ...await placeFor(tool, named, options, world),
    environment: world.environment,
    system: Deno.build.os,
  };
  return tool.connect(wish);
}

/** Where the tool is to use fob, and for which profile. */
async function placeFor(
  tool: Tool,
  named: string | undefined,
  options: ConnectOptions,
  world: World,
): Promise<Pick<ConnectWish, "origins" | "profile" | "model">> {
  const { host, baseUrl, model } = options;
  if (tool.places === undefined) {
    if ((baseUrl ?? model) !== undefined) {
      throw new FobError("usage", "--model and --base-url are for coding agents");
    }
    const origins = await originsFor(tool, named, host, world);
    return { origins, ...(named === undefined ? {} : { profile: named }) };
  }
  if (host !== undefined) throw new FobError("usage", `--host is not for ${tool.tool}`);
  const profile = await profileFor(tool, named, world);
  const { name = "", provider = "" } = profile ?? {};
  const platform = world.platforms.find(({ id }) => id === provider);
  const api = await requireApi(profile?.host ?? platform?.host, provider, world);
  const place = modelAddress(tool.places[provider], options, api);
  return { origins: [api.origin], profile: name, ...(place === undefined ? {} : { model: place }) };
}

/** Where the tool is to use fob. */
async function originsFor(
  tool: Tool,
  named: string | undefined,
  host: string | undefined,
  world: World,
): Promise<string[]> {
  const origin = host === undefined ? undefined : readHost(host);
  if (origin !== undefined && named === undefined) return [origin];
  const profile = await profileFor(tool, named, world);
  const origins = profile === undefined ? [] : originsOf(tool, profile, world);
  if (origin === undefined) {
    if (origins.length > 0 || tool.takesAnyAddress) return origins;
    throw new FobError("usage", `"${profile?.name}" is for no host that is known`, {
      facts: { option: "--host" },
    });
  }
  if (origins.length === 0 || origins.includes(origin)) return [origin];
  throw new FobError("usage", `The token of "${named}" is not for "${origin}"`);
}

async function profileFor(
  tool: Tool,
  named: string | undefined,
  world: World,
): Promise<Profile | undefined> {
  const profiles = await world.profiles();
  if (named !== undefined) return findProfile(named, profiles);
  if (tool.takesAnyAddress && profiles.names().length === 0) return undefined;
  return await chooseProfile(undefined, world);
}

function originsOf({ tool }: Tool, profile: Profile, { platforms }: World): string[] {
  const hosts = hostsOf(profile, platforms);
  const own = platforms.find(({ id }) => id === profile.provider)?.toolHosts?.[tool] ?? [];
  const meant = hosts.filter((host) => own.includes(host));
  const chosen = meant.length > 0 ? meant : hosts;
  return chosen.map(addressOf).filter((origin) => origin !== undefined);
}

function readHost(host: string): string {
  const origin = addressOf(host);
  if (origin !== undefined) return origin;
  throw new FobError("usage", "--host is no https address, or has credentials in it");
}
