/** Selectors for a member of `Deno`, destructuring included. */
export function denoMember(name: string): string[] {
  return ["object.name", "object.property.name"].flatMap((deno) =>
    ["property.name", "property.value"].map((property) =>
      `MemberExpression[${deno}='Deno'][${property}='${name}']`
    )
  ).concat(`VariableDeclarator[init.name='Deno'] > ObjectPattern > Property[key.name='${name}']`);
}

/** The attribute selector of a type annotation `CommandContext`. */
const isContext = "[typeAnnotation.typeAnnotation.typeName.name='CommandContext']";

/** Selectors for a spread of the context or of a group, a rest of it, and another name that would hide one. */
export const contextSpread: readonly string[] = [
  "SpreadElement[argument.name='context']",
  "SpreadElement[argument.object.name='context']",
  "VariableDeclarator[init.name='context'] > ObjectPattern RestElement",
  `ObjectPattern${isContext} RestElement`,
  `Identifier${isContext}[name!='context']`,
];
