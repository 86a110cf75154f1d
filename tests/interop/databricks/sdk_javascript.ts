/** A program that uses Databricks' own SDK for JavaScript: prints as whom the host knows it. */
import { WorkspaceClient } from "@databricks/sdk-experimental";

const { userName } = await new WorkspaceClient({}).currentUser.me();
// deno-lint-ignore no-console
console.log(userName);
