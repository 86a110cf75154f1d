import { FobError } from "../../errors.ts";
import { homeOf } from "../../text/home.ts";
import { isObject } from "../../text/json_object.ts";
import type { Command, ConnectRequest, Tool } from "../tool.ts";
import { helperWords } from "./fob_command.ts";

/**
 * Kubectl: a user with an `exec` entry (client.authentication.k8s.io/v1), set by `kubectl config`. The contexts
 * of the clusters at that address use it. The previous user stays, with its credential. kubectl passes the
 * cluster to fob, so fob answers for no other.
 */
export const kubectl: Tool = {
  tool: "kubectl",
  connect: (request) => [{
    kind: "command",
    program: "kubectl",
    files: configFiles(request),
    look: ["config", "view", "-o", "json"],
    commands: (seen) => commandsFor(request, seen),
    remark: "kubectl rewrites the file without its comments; --undo restores them",
  }],
  undoCommands,
};

/** "Organizing Cluster Access Using kubeconfig Files" in the Kubernetes documentation. A `~` is taken literally. */
function configFiles({ environment, system }: ConnectRequest): string[] {
  const named = environment.get("KUBECONFIG")?.split(system === "windows" ? ";" : ":");
  const paths = named?.filter((path) => path !== "") ?? [];
  return paths.length > 0 ? paths : [`${homeOf(environment, system)}/.kube/config`];
}

/** The used part of the output of `kubectl config view`, which redacts secrets. */
interface View {
  readonly clusters?: readonly { name: string; cluster?: { server?: string } }[] | null;
  readonly contexts?: readonly Context[] | null;
  readonly users?: readonly { name: string; user?: { exec?: Exec } }[] | null;
}

interface Context {
  readonly name: string;
  readonly context?: { readonly cluster?: string; readonly user?: string };
}

interface Exec {
  readonly command?: string;
  readonly args?: readonly string[] | null;
}

function commandsFor(request: ConnectRequest, seen: string): Command[] {
  const user = userFor(request);
  // kubectl is not installed: these are the commands for the message.
  if (seen === "") {
    return [{ runs: [setUser(user, request), setContext("CONTEXT", user)], note: [] }];
  }
  const view = readView(seen);
  const contexts = contextsAt(request.origins, view);
  if (contexts.length === 0) {
    throw new FobError("declined", `No kubectl context has a cluster at "${request.origins[0]}"`);
  }
  const [command, ...args] = helperWords("kubectl", request);
  const exec = requireOwn(user, view);
  const isThere = exec?.command === command && JSON.stringify(exec?.args) === JSON.stringify(args);
  return [
    ...isThere ? [] : [{ runs: [setUser(user, request)], note: ["user", user, command ?? ""] }],
    ...contexts.filter(({ context }) => context?.user !== user).map(({ name, context }) => ({
      runs: [setContext(name, user)],
      note: ["context", name, user, context?.user ?? ""],
    })),
  ];
}

/** @throws {FobError} `declined` for output that is not JSON of the form {@link View}. */
function readView(seen: string): View {
  try {
    const view: unknown = JSON.parse(seen);
    if (isView(view)) return view;
  } catch {
    // Handled below, like a view of another form.
  }
  throw new FobError("declined", "The output of kubectl config view is invalid");
}

/** Whether a value of JSON has the expected type. */
type Shape = (value: unknown) => boolean;

function isView(value: unknown): value is View {
  const exec = object({ command: optional(isText), args: listOf(isText) });
  return object({
    clusters: listOf(
      object({ name: isText, cluster: optional(object({ server: optional(isText) })) }),
    ),
    contexts: listOf(
      object({
        name: isText,
        context: optional(object({ cluster: optional(isText), user: optional(isText) })),
      }),
    ),
    users: listOf(object({ name: isText, user: optional(object({ exec: optional(exec) })) })),
  })(value);
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function optional(shape: Shape): Shape {
  return (value) => value === undefined || shape(value);
}

/** kubectl prints an absent list as `null`. */
function listOf(shape: Shape): Shape {
  return (value) =>
    (value ?? undefined) === undefined || Array.isArray(value) && value.every(shape);
}

function object(shapes: Readonly<Record<string, Shape>>): Shape {
  return (value) =>
    isObject(value) &&
    Object.entries(shapes).every(([name, shape]) =>
      shape(Object.getOwnPropertyDescriptor(value, name)?.value)
    );
}

function userFor({ profile }: ConnectRequest): string {
  return profile === undefined ? "fob" : `fob-${profile}`;
}

function contextsAt(origins: readonly string[], { clusters, contexts }: View): readonly Context[] {
  const meant = (clusters ?? []).filter(({ cluster }) =>
    origins.includes(URL.parse(cluster?.server ?? "")?.origin ?? "")
  ).map(({ name }) => name);
  return (contexts ?? []).filter(({ context }) => meant.includes(context?.cluster ?? ""));
}

/** The `exec` entry that fob set for `user`. @throws {FobError} `declined` for a user that fob did not create. */
function requireOwn(user: string, { users }: View): Exec | undefined {
  const there = users?.find(({ name }) => name === user);
  const exec = there?.user?.exec;
  const isOwn = exec?.args?.[0] === "helper" && exec.args[1] === "kubectl";
  if (there === undefined || isOwn) return exec;
  throw new FobError("declined", `kubectl already has a user "${user}" that fob did not create`);
}

function setUser(user: string, request: ConnectRequest): string[] {
  const [command, ...args] = helperWords("kubectl", request);
  return [
    "config",
    "set-credentials",
    user,
    "--exec-api-version=client.authentication.k8s.io/v1",
    `--exec-command=${command}`,
    ...args.map((word) => `--exec-arg=${word}`),
    "--exec-interactive-mode=Never",
    "--exec-provide-cluster-info=true",
  ];
}

function setContext(context: string, user: string): string[] {
  return ["config", "set-context", context, `--user=${user}`];
}

/** A context with another user keeps it. fob's user is deleted last, because it was set first. */
function undoCommands(
  [kind, name = "", value = "", previous = ""]: readonly string[],
  seen: string,
): readonly string[][] {
  const view = readView(seen);
  if (kind === "user") {
    const exec = view.users?.find((it) => it.name === name)?.user?.exec;
    return exec?.command === value ? [["config", "delete-user", name]] : [];
  }
  const context = view.contexts?.find((it) => it.name === name)?.context;
  return context?.user === value ? [setContext(name, previous)] : [];
}
