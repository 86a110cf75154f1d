import type { Environment } from "./environment.ts";
import type { Opener } from "./opener.ts";

/** The variable that a shell finds the address in: what is in a variable is no command to it. */
const address = "FOB_ADDRESS";

/**
 * Windows' own ways to open `url`, best first. An address may hold anything that means something to a
 * shell, but no quotation mark, which the URL Standard has encoded; so it reaches `cmd` as a variable in
 * quotation marks, which is put in once and last, and PowerShell as a value. `rundll32` is no shell, and
 * comes last because it never says that it failed.
 */
export function windowsOpeners(url: string, environment: Environment): Opener[] {
  const folder = `${environment.get("SystemRoot") ?? "C:\\Windows"}\\System32`;
  const variables = { [address]: url.replaceAll('"', "%22") };
  return [
    {
      argv: [`${folder}\\cmd.exe`, `/d /v:off /s /c "start "" "%${address}%""`],
      variables,
      isCommandLine: true,
    },
    {
      argv: [
        `${folder}\\WindowsPowerShell\\v1.0\\powershell.exe`,
        "-NoProfile",
        "-NonInteractive",
        "-EncodedCommand",
        encodeCommand(`Start-Process -FilePath $env:${address}`),
      ],
      variables,
    },
    { argv: [`${folder}\\rundll32.exe`, "url.dll,FileProtocolHandler", url] },
  ];
}

/** As PowerShell reads a command that no quoting can spoil: base64 of UTF-16, least byte first. */
function encodeCommand(command: string): string {
  const bytes = new Uint8Array(command.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < command.length; i++) view.setUint16(i * 2, command.charCodeAt(i), true);
  return bytes.toBase64();
}

/**
 * The commands in `BROWSER` with `url`. Between them are semicolons, because paths have colons; a program
 * whose path has blanks is in quotation marks, or ends with `.exe`. `none` opens nothing.
 *
 * A program may be a batch file, in whose arguments `cmd` puts variables: an address that names one would
 * tell the server what is in it, or be obeyed, and is given to no command.
 */
export function windowsCommands(value: string, url: string, environment: Environment): Opener[] {
  if (mayNameVariable(url, environment)) return [];
  const commands = value.split(";").map((command) => command.trim());
  return commands.filter((command) => command !== "" && command !== "none").map((command) => {
    const [, quoted, plain, rest = ""] =
      /^(?:"([^"]*)"|(.*?\.exe(?=\s|$)|\S+))(.*)$/is.exec(command) ?? [];
    const args = rest.match(/(?:"[^"]*"|[^\s"])+/g)?.map((word) => word.replaceAll('"', "")) ?? [];
    const filled = args.map((word) => word.replaceAll("%s", () => url));
    return { argv: [quoted ?? plain ?? "", ...filled, ...command.includes("%s") ? [] : [url]] };
  });
}

/** The variables that `cmd` makes up and whose names begin like a byte that is encoded: `%CD`. */
const madeUp: readonly string[] = ["CD", "DATE"];

/**
 * Whether `cmd` might put a variable into `url`, for `%NAME%` or for a part of it, `%NAME:~1%`. In an
 * address that is well-formed a percent sign is before two digits of a byte, so that few names are left.
 */
function mayNameVariable(url: string, environment: Environment): boolean {
  if (/%(?![0-9a-f]{2})/i.test(url)) return true;
  const names = url.matchAll(/%([^%:=]+)(?=%|:[^%]*%)/g).map(([, name = ""]) => name);
  return names.some((name) =>
    madeUp.includes(name.toUpperCase()) || environment.get(name) !== undefined
  );
}
