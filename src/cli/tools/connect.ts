import { Argument, type Command } from "@commander-js/extra-typings";
import { connect, type ConnectNeeds } from "../../connect/connect.ts";
import { disconnect } from "../../connect/disconnect.ts";
import { planConnection, type Planned } from "../../connect/plan.ts";
import type { Change, ConnectRequest, Tool } from "../../connect/tool.ts";
import { toolNames, tools } from "../../connect/tools.ts";
import { FobError } from "../../errors.ts";
import type { SettingsFormats } from "../../text/formats/settings_format.ts";
import type { CommandContext } from "../context.ts";
import { addCommand, type CommonOptions, examples, nameFrom } from "../options.ts";
import { answer } from "../ui/answer.ts";
import { askConsent } from "../ui/prompts.ts";
import { placeFor, type PlaceOptions } from "./connect_place.ts";
import { describePlanned, describeUndone, plannedFields } from "./describe_connection.ts";

interface ConnectOptions extends CommonOptions, PlaceOptions {
  readonly print?: true;
  readonly undo?: true;
  readonly yes?: true;
}

export function addConnect(program: Command, context: CommandContext): void {
  addCommand(program, "connect", "Configure another tool to get its credentials from fob")
    .addArgument(new Argument("<tool>", "tool to configure").choices(toolNames))
    .argument("[profile]", "profile to use (default: the profile for the requested host)")
    .option(
      "--host <url>",
      "host that the tool uses fob for (default: the host of the profile)",
    )
    .option("--model <name>", "set the model of a coding agent")
    .option("--base-url <path>", "set the path of the models at the host, for a coding agent")
    .option("--print", "show the changes without making them")
    .option("--undo", "undo all changes that fob made for the tool")
    .option("-y, --yes", "create a link in your own directory on PATH without asking")
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
      await runConnect(await tools[tool](), nameFrom(argument, options), options, context);
    });
}

async function runConnect(
  tool: Tool,
  named: string | undefined,
  options: ConnectOptions,
  context: CommandContext,
): Promise<void> {
  const needs = await needsIn(context);
  if (options.undo) return await runUndo(tool, named, options, needs, context);
  const changes = await changesFor(tool, named, options, needs, context);
  const isDone = options.print === undefined;
  const plan = await planConnection(tool.tool, changes, needs);
  if (tool.remark !== undefined) context.io.notice(tool.remark);
  if (isDone) await assertConsent(tool, plan, options, context);
  const { offerMigration } = await import("./offer_migration.ts");
  await offerMigration(tool.tool, options, context);
  const planned = isDone ? await connect(tool.tool, changes, needs) : plan;
  answer(
    options.output,
    plannedFields(tool.tool, planned, isDone),
    describePlanned(tool.tool, planned, isDone),
    context,
  );
}

/** Asks before a link to fob is created in one of the user's directories on `PATH`. */
async function assertConsent(
  { tool }: Tool,
  planned: readonly Planned[],
  { yes }: ConnectOptions,
  context: CommandContext,
): Promise<void> {
  for (const plan of planned) {
    if (yes || plan.kind !== "link" || !plan.isElsewhere) continue;
    const question = `Create the link "${plan.path}" to fob for ${tool}?`;
    if (await askConsent(question, "--yes", context)) continue;
    throw new FobError("declined", "Cancelled. Nothing was changed");
  }
}

async function runUndo(
  tool: Tool,
  named: string | undefined,
  { host, print, output, model, baseUrl }: ConnectOptions,
  needs: ConnectNeeds,
  context: CommandContext,
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
    throw new FobError(
      "usage",
      `--undo cannot be used with ${other}: it undoes all changes for the tool`,
    );
  }
  const outcomes = await disconnect(tool, needs);
  answer(output, { tool: tool.tool, taken_back: outcomes }, describeUndone(outcomes), context);
}

async function needsIn(context: CommandContext): Promise<ConnectNeeds> {
  return {
    formats: await loadFormats(),
    tools: await context.tools.otherTools(),
    notes: context.system.notes(),
    locks: context.system.locks(),
    uninterrupted: context.system.uninterrupted,
  };
}

async function loadFormats(): Promise<SettingsFormats> {
  const { hcl } = await import("../../text/formats/hcl_format.ts");
  const { json } = await import("../../text/formats/json_format.ts");
  const { lines } = await import("../../text/formats/env_format.ts");
  const { toml } = await import("../../text/formats/toml_format.ts");
  const { ini } = await import("../../text/formats/ini_format.ts");
  return { hcl, ini, json, lines, toml };
}

async function changesFor(
  tool: Tool,
  named: string | undefined,
  options: ConnectOptions,
  { tools }: ConnectNeeds,
  context: CommandContext,
): Promise<readonly Change[]> {
  if (named === undefined && tool.needsProfile) {
    throw new FobError(
      "usage",
      `A profile is required: ${tool.tool} does not name a host in its requests`,
      {
        facts: { example: `fob connect ${tool.tool} PROFILE` },
      },
    );
  }
  const folder = `${context.system.directories().state}/connect`;
  const request: ConnectRequest = {
    fob: await tools.ownPath(),
    folder,
    ...await placeFor(tool, named, options, context),
    environment: context.system.environment,
    system: Deno.build.os,
  };
  return tool.connect(request);
}
