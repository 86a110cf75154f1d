/** Lint rules: which room may import which, and that importing a module has no side effects. */
import {
  circleThrough,
  filesBeside,
  isShipped,
  platformStores,
  resolve,
  roomOf,
  treePath,
} from "./lint/imports.ts";
import { composition, folderLimit, leaves, rooms } from "./lint/rooms.ts";
import { contextSpread, denoMember } from "./lint/selectors.ts";

type Visitor = Deno.lint.LintVisitor;
type Node = Deno.lint.Node;

/** How a module is imported: `type` is erased at run time, `lazy` is a literal `import()`. */
type ImportKind = "value" | "type" | "lazy";

/** Whether the file may end the process and have side effects when it is loaded. */
function isProgram(path: string): boolean {
  return path === "main.ts" || /^(scripts|tests)\//.test(path);
}

function packageOf(specifier: string): string {
  const bare = specifier.replace(/^npm:\/?/, "");
  const name = bare.split("/", bare.startsWith("@") ? 2 : 1).join("/");
  return name.replace(/(?<=.)@.*$/, "");
}

function listing(names: readonly string[]): string {
  return names.length === 0 ? "nothing" : names.join(", ");
}

/** Calls `found` for every import in a file. */
function onImports(
  found: (node: Node, specifier: string | undefined, way: ImportKind) => void,
): Visitor {
  return {
    ImportDeclaration(node): void {
      const kinds = node.specifiers.map((it) => it.type === "ImportSpecifier" && it.importKind);
      const isType = kinds.length > 0 && kinds.every((kind) => kind === "type");
      found(node, node.source.value, node.importKind === "type" || isType ? "type" : "value");
    },
    ImportExpression(node): void {
      const source = node.source;
      const isString = source.type === "Literal" && typeof source.value === "string";
      found(node, isString ? source.value : undefined, "lazy");
    },
    TSImportType(node): void {
      const argument = node.argument;
      if (argument.type !== "TSLiteralType" || argument.literal.type !== "Literal") return;
      found(node, String(argument.literal.value), "type");
    },
  };
}

function isLeaf(path: string): boolean {
  return leaves.includes(path) || leaves.includes(roomOf(path));
}

/** Reports a file outside of every room. */
function misplaced(path: string): string | undefined {
  const room = roomOf(path);
  if (path === "main.ts" || isLeaf(path) || room === composition || rooms[room]) return undefined;
  return `"${path}" is in no room: the folders of src are ${
    listing(Object.keys(rooms).filter((name) => name !== "ffi").map((name) => name.slice(4)))
  }; its only files are ${
    listing(leaves.filter((it) => it.endsWith(".ts")).map((it) => it.slice(4)))
  }`;
}

/** Reports a forbidden import of a file of the tree. */
function forbiddenFile(path: string, target: string, way: ImportKind): string | undefined {
  const [from, to] = [roomOf(path), roomOf(target)];
  if (!isShipped(target)) return `Shipped code may import only src and ffi: "${target}" is neither`;
  if (leaves.includes(path)) return `"${path}" may import nothing`;
  if (path === "main.ts" || from === composition || isLeaf(target)) return undefined;
  const { values = [], types = [] } = rooms[from] ?? {};
  if (from === to || values.includes(to) || (way === "type" && types.includes(to))) {
    return undefined;
  }
  const only = types.length === 0 ? "" : `, and types of ${listing(types)}`;
  return `${from} may not import ${way === "type" ? "types" : "values"} of "${target}": ` +
    `it may import ${listing(values)}${only}`;
}

/** Reports a forbidden import of a package. */
function forbiddenPackage(path: string, specifier: string, way: ImportKind): string | undefined {
  if (specifier.startsWith("node:")) {
    return `"${specifier}" costs start-up time: shipped code may use only the web platform and Deno`;
  }
  const { packages = [] } = rooms[roomOf(path)] ?? {};
  if (way === "type" || packages.includes(packageOf(specifier))) return undefined;
  const from = leaves.includes(path) ? path : roomOf(path);
  return `${from} may not import the package "${specifier}": it may import ${listing(packages)}`;
}

const roomsRule: Deno.lint.Rule = {
  create(context): Visitor {
    const path = treePath(context.filename);
    if (!isShipped(path)) return {};
    const report = (node: Node, message: string | undefined): void => {
      if (message !== undefined) context.report({ node, message });
    };
    return {
      Program: (node): void => report(node, misplaced(path)),
      ...onImports((node, specifier, way) => {
        if (specifier === undefined) return report(node, "import() needs a literal string");
        const target = resolve(path, specifier);
        if (target === undefined) report(node, forbiddenPackage(path, specifier, way));
        else report(node, forbiddenFile(path, target, way));
      }),
    };
  },
};

const noCircle: Deno.lint.Rule = {
  create(context): Visitor {
    const path = treePath(context.filename);
    if (!isShipped(path)) return {};
    return {
      Program(node): void {
        const circle = circleThrough(path, context.sourceCode.text);
        if (circle === undefined) return;
        context.report({ node, message: `Circular import: ${[...circle, path].join(" > ")}` });
      },
    };
  },
};

const folderSize: Deno.lint.Rule = {
  create(context): Visitor {
    const path = treePath(context.filename);
    if (!/^(src|ffi|scripts|tests)\//.test(path)) return {};
    return {
      Program(node): void {
        const count = filesBeside(path);
        if (count <= folderLimit) return;
        const message = `The folder of "${path}" has ${count} files; the limit is ${folderLimit}`;
        context.report({ node, message });
      },
    };
  },
};

const platformStoreImport: Deno.lint.Rule = {
  create(context): Visitor {
    const path = treePath(context.filename);
    if (!isShipped(path)) return {};
    const mayOpen = ["src/stores", "ffi"].includes(roomOf(path));
    return onImports((node, specifier, way) => {
      const target = specifier === undefined ? undefined : resolve(path, specifier);
      if (target === undefined || way !== "value") return;
      if (!platformStores().includes(target) && (mayOpen || roomOf(target) !== "ffi")) return;
      const message =
        `"${target}" opens a native library of one system: load it with a literal import()`;
      context.report({ node, message });
    });
  },
};

/** Forbids what the selectors match, except in files for which `isExempt` returns true. */
function forbid(
  selectors: readonly string[],
  message: string,
  isExempt: (path: string) => boolean = (): boolean => false,
): Deno.lint.Rule {
  return {
    create(context): Visitor {
      if (isExempt(treePath(context.filename))) return {};
      const report = (node: Node): void => context.report({ node, message });
      return Object.fromEntries(selectors.map((selector) => [selector, report]));
    },
  };
}

/** Node types that the top level of a module may have, besides `const`. */
const declarations = /^(Import|Export|Function|Class|TS|Empty)/;

const noModuleState: Deno.lint.Rule = {
  create(context): Visitor {
    if (isProgram(treePath(context.filename))) return {};
    const message = "A module has no side effects and no state: " +
      "the top level may hold imports, functions, classes, types and const without await";
    return {
      Program(program): void {
        for (const statement of program.body) {
          const node = "declaration" in statement && statement.declaration || statement;
          const isConst = node.type === "VariableDeclaration" && node.kind === "const";
          if (!isConst && !declarations.test(node.type)) context.report({ node, message });
        }
      },
      AwaitExpression(node): void {
        const isInside = context.sourceCode.getAncestors(node).some((it) =>
          /Function/.test(it.type)
        );
        if (!isInside) context.report({ node, message });
      },
    };
  },
};

const plugin: Deno.lint.Plugin = {
  name: "fob",
  rules: {
    "rooms": roomsRule,
    "no-circle": noCircle,
    "folder-size": folderSize,
    "platform-store-import": platformStoreImport,
    "no-reexport": forbid(
      ["ExportAllDeclaration", "ExportNamedDeclaration[source.value=/./]"],
      "Export only what this module declares; import from the declaring module",
    ),
    "no-default-export": forbid(
      [
        "ExportDefaultDeclaration",
        "TSExportAssignment",
        "ExportSpecifier[exported.name='default']",
      ],
      "Use a named export: only scripts/lint.ts may have a default export",
      (path) => path === "scripts/lint.ts",
    ),
    "no-module-state": noModuleState,
    "exit-only-in-main": forbid(
      [...denoMember("exit"), ...denoMember("exitCode")],
      "Only main.ts ends the process: throw a FobError, or return",
      isProgram,
    ),
    "environment-only-in-system": forbid(
      denoMember("env"),
      "Only src/system reads the environment: take what you need as a parameter",
      (path) => !isShipped(path) || roomOf(path) === "src/system",
    ),
    "no-context-spread": forbid(
      contextSpread,
      "Hand over only what the use case declares: a CommandContext is named context and never spread",
      (path) => !["src/cli", composition].includes(roomOf(path)),
    ),
  },
};

export default plugin;
