import { FobError } from "../../errors.ts";
import { answerTool, type ToolAnswer, type ToolNeeds } from "../../helpers/get.ts";
import { keepForTool, rejectForTool } from "../../helpers/store_and_erase.ts";
import { listEntries, removeEntries } from "../../helpers/tool_entry.ts";
import { present } from "../../present.ts";
import type {
  Call,
  GetRequest,
  ListEntry,
  Protocol,
  Reply,
  Request,
} from "../../protocols/protocol.ts";
import { protocols } from "../../protocols/protocols.ts";
import { tokenForProfile } from "../../tokens/token_for_choice.ts";
import { audited } from "../audited.ts";
import { readTokenRequest } from "../auth/token.ts";
import type { CommandContext } from "../context.ts";
import { choiceNeeds, tokenNeeds } from "../needs.ts";
import { type HelperCall, type HelperOptions, readOptions } from "./helper_call.ts";

/** Bytes. Above the limit of every protocol, so that the protocol reports input that is too long. */
const inputLimit = 4_194_304;

/** The variable that marks a program that fob passed a call on to, to prevent a loop. */
const passedOn = "FOB_PASSED_ON";

/** Answers a tool in its own protocol, without prompts, and returns the exit code. */
export async function runHelper(call: HelperCall, context: CommandContext): Promise<number> {
  const protocol = await protocols[call.protocol].load();
  if (protocol.greeting !== undefined) {
    return await converse(protocol.greeting, call, protocol, context);
  }
  const reads = protocol.readsInput(call.argv);
  let bytes: Uint8Array<ArrayBuffer> | undefined;
  const reply = await replyTo(call, protocol, context, async () => {
    bytes = reads ? await context.io.terminal.readBytes(inputLimit) : undefined;
    return new TextDecoder().decode(bytes ?? new Uint8Array());
  });
  const isTheirs = reply === "pass" || reply === "miss";
  if (isTheirs) return await passOn(call, protocol, bytes, context);
  return give(reply, context);
}

/** Writes the greeting, then answers each line of standard input as one call. */
async function converse(
  greeting: string,
  call: HelperCall,
  protocol: Protocol,
  context: CommandContext,
): Promise<number> {
  context.io.terminal.answer(greeting);
  for await (const line of context.io.terminal.lines(new AbortController().signal)) {
    if (line === "") continue;
    const reply = await replyTo(call, protocol, context, () => Promise.resolve(line));
    if (typeof reply === "object") give(reply, context);
  }
  return 0;
}

function give({ stdout, stderr, exitCode }: Reply, { io: { terminal } }: CommandContext): number {
  if (stderr !== "") terminal.say(stderr.replace(/\n$/, ""));
  if (stdout !== "") terminal.answer(stdout);
  return exitCode;
}

/** The reply to a call. `pass` and `miss`: the program that fob replaces must answer. */
async function replyTo(
  call: HelperCall,
  protocol: Protocol,
  context: CommandContext,
  read: () => Promise<string>,
): Promise<Reply | "pass" | "miss"> {
  try {
    const request = protocol.parse({
      argv: call.argv,
      input: await read(),
      environment: variablesOf(protocol, context),
    });
    const reply = await serve(request, call, protocol, context);
    const isMiss = "miss" in request && reply === request.miss;
    return isMiss && protocol.replaces !== undefined ? "miss" : reply;
  } catch (error) {
    return protocol.fail(await describeFailure(error));
  }
}

/** The message for the user, with its hint. A usage error of the tool has no hint. */
async function describeFailure(error: unknown): Promise<string> {
  const isUsageOfTool = error instanceof FobError && error.code === "usage" &&
    Object.keys(error.facts).length === 0;
  if (isUsageOfTool) return error.message;
  const { describeInLine } = await import("../ui/report.ts");
  return describeInLine(error);
}

function variablesOf(
  { variables = [] }: Protocol,
  { system: { environment } }: CommandContext,
): Call["environment"] {
  return Object.fromEntries(variables.map((name) => [name, environment.get(name)]));
}

async function serve(
  request: Request,
  call: HelperCall,
  protocol: Protocol,
  context: CommandContext,
): Promise<Reply | "pass"> {
  const tool = call.protocol;
  const { profile: named } = call.options;
  const needs = needsIn(context);
  const asked = { tool, ...present({ named }) };
  switch (request.kind) {
    case "done":
      return request.done;
    case "pass":
      return "pass";
    case "get": {
      const ask = (): ReturnType<typeof answerGet> => answerGet(request, call, protocol, needs);
      const answer = await audited(`${tool} get`, context, ask);
      return answer === undefined ? request.miss : request.reply(answer);
    }
    case "store":
    case "reject":
    case "forget": {
      const act = (): ReturnType<typeof change> => change(request, asked, protocol, needs);
      const changed = await audited(`${tool} ${request.kind}`, context, act);
      return changed === undefined && request.kind === "forget" ? request.miss : request.done;
    }
    case "list":
      return request.reply(await listFor(tool, needs));
  }
}

/** Stores, rejects or removes a credential of the tool; `undefined` if there was none to remove. */
async function change(
  request: Extract<Request, { kind: "store" | "reject" | "forget" }>,
  asked: { readonly tool: string; readonly named?: string },
  { namesUsers = false }: Protocol,
  needs: ToolNeeds,
): Promise<{ readonly profile?: string } | undefined> {
  const place = request.target;
  switch (request.kind) {
    case "store":
      await keepForTool({ ...request, ...asked, place, namesUsers }, needs);
      return {};
    case "reject":
      await rejectForTool({ ...request, ...asked, place }, needs);
      return {};
    case "forget":
      return await removeEntries({ ...request, tool: asked.tool, place }, needs) ? {} : undefined;
  }
}

async function answerGet(
  request: GetRequest,
  call: HelperCall,
  { isRetry }: Protocol,
  needs: ToolNeeds,
): Promise<ToolAnswer | undefined> {
  const { target, username, isStoredOnly, isRefused: force = false } = request;
  const { profile: named, ...options } = optionsFor(request, call);
  return await answerTool({
    tool: call.protocol,
    ...present({ place: target, username, isStoredOnly, named, isRetry }),
    token: { ...readTokenRequest(options), margin: protocols[call.protocol].minTtl, force },
  }, needs);
}

/** The options of fob. The command line overrides options in the request. */
function optionsFor({ options = [] }: GetRequest, call: HelperCall): HelperOptions {
  const configured = readOptions(options);
  if (configured.argv.length > 0) {
    throw new FobError("usage", "The tool passed arguments that are not options of fob");
  }
  return { ...configured.options, ...call.options };
}

/** The stored entries of the tool, which it can request by these names. */
async function listFor(tool: string, { store }: ToolNeeds): Promise<ListEntry[]> {
  return (await listEntries(tool, await store())).map(({ origin, path, username }) => ({
    host: path === undefined ? origin : `${origin}/${path}`,
    ...present({ username }),
  }));
}

function needsIn(context: CommandContext): ToolNeeds {
  const { system } = context;
  return {
    ...choiceNeeds(context),
    store: async () => (await context.storage.open()).store,
    locks: system.locks,
    notes: system.notes,
    clock: system.clock,
    uninterrupted: system.uninterrupted,
    token: (profile, request) => tokenForProfile(profile, request, tokenNeeds(context)),
    callerPid: context.machine.parent,
  };
}

/** Runs the program that fob replaces. Without one, replies that fob has no credential. */
async function passOn(
  { argv }: HelperCall,
  { replaces = "", fail }: Protocol,
  input: Uint8Array<ArrayBuffer> | undefined,
  context: CommandContext,
): Promise<number> {
  const isBack = context.system.environment.get(passedOn) !== undefined;
  const command = isBack ? undefined : await context.tools.otherProgram(replaces);
  if (command === undefined) {
    return give(fail(`No credential for this request, and no other ${replaces} found`), context);
  }
  return await context.tools.runProgram({
    command,
    args: argv,
    set: { [passedOn]: "1" },
    unset: [],
    hasTerminal: context.io.terminal.inputIsTerminal,
    ...present({ input }),
  });
}
