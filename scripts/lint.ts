/** Enforces the rooms of the tree and the rules that make importing a module do nothing. */
import {
  circleThrough,
  filesBeside,
  isShipped,
  resolve,
  roomOf,
  treePath,
} from "./lint/imports.ts";
import { composition, folderLimit, leaves, platformStores, rooms } from "./lint/rooms.ts";

type Visitor = Deno.lint.LintVisitor;
type Node = Deno.lint.Node;

/** How a module is reached: `type` leaves nothing at run time, `lazy` is a literal `import()`. */
type Way = "value" | "type" | "lazy";

/** The files that end the process and may do something when they are loaded. */
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
function onImports(found: (node: Node, specifier: string | undefined, way: Way) => void): Visitor {
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

/** What is wrong with where the file is. */
function misplaced(path: string): string | undefined {
  const room = roomOf(path);
  if (path === "main.ts" || isLeaf(path) || room === composition || rooms[room]) return undefined;
  return `"${path}" is in no room: src has the folders ${
    listing(Object.keys(rooms).filter((name) => name !== "ffi").map((name) => name.slice(4)))
  }, and no files but secret.ts and errors.ts`;
}

/** What is wrong with importing a file of the tree. */
function forbiddenFile(path: string, target: string, way: Way): string | undefined {
  const [from, to] = [roomOf(path), roomOf(target)];
  if (from === composition && target === "deno.json") return undefined;
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

/** What is wrong with importing something from outside of the tree. */
function forbiddenPackage(path: string, specifier: string, way: Way): string | undefined {
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
        if (specifier === undefined) return report(node, "import() takes a literal string here");
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
        context.report({ node, message: `A circle of imports: ${[...circle, path].join(" > ")}` });
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
        const message = `The folder of "${path}" holds ${count} files: ${folderLimit} is the limit`;
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
      if (!platformStores.includes(target) && (mayOpen || roomOf(target) !== "ffi")) return;
      const message = `"${target}" opens a library of one system: reach it by a literal import()`;
      context.report({ node, message });
    });
  },
};

/** Forbids what the selectors match, but in the files of `isExempt`. */
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

/** The ways to write a member of `Deno`, also taken out by destructuring. */
function denoMember(name: string): string[] {
  return ["object.name", "object.property.name"].flatMap((deno) =>
    ["property.name", "property.value"].map((property) =>
      `MemberExpression[${deno}='Deno'][${property}='${name}']`
    )
  ).concat(`VariableDeclarator[init.name='Deno'] > ObjectPattern > Property[key.name='${name}']`);
}

/** What a module may consist of, beside `const`. */
const declarations = /^(Import|Export|Function|Class|TS|Empty)/;

const noModuleState: Deno.lint.Rule = {
  create(context): Visitor {
    if (isProgram(treePath(context.filename))) return {};
    const message = "Importing a module does nothing and keeps nothing: " +
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
      "A module exports only what it declares: import it from where it is declared",
    ),
    "no-default-export": forbid(
      [
        "ExportDefaultDeclaration",
        "TSExportAssignment",
        "ExportSpecifier[exported.name='default']",
      ],
      "Exports have names: only scripts/lint.ts may have a default export",
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
  },
};

export default plugin;
