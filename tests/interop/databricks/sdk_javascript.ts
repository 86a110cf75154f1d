/** A program that uses Databricks' own SDK for JavaScript. Prints the current user. */
import { WorkspaceClient } from "@databricks/sdk-experimental";

const { userName } = await new WorkspaceClient({}).currentUser.me();
// deno-lint-ignore no-console
console.log(userName);
