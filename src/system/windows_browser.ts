import type { Environment } from "./environment.ts";
import type { Opener } from "./opener.ts";

/** The variable that passes the URL to a shell, which does not run the value of a variable as a command. */
const address = "FOB_ADDRESS";

/**
 * The commands of Windows that open `url`, in order. A URL may contain characters that are special to a shell,
 * but no quotation mark, which the URL Standard encodes. So `cmd` gets it as a variable in quotation marks,
 * which it expands once, and PowerShell as a value. `rundll32` is not a shell; it is last because it never
 * reports a failure.
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

/** Encodes a command for PowerShell's `-EncodedCommand`: base64 of UTF-16LE. It needs no quoting. */
function encodeCommand(command: string): string {
  const bytes = new Uint8Array(command.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < command.length; i++) view.setUint16(i * 2, command.charCodeAt(i), true);
  return bytes.toBase64();
}

/**
 * The commands in `BROWSER` with `url`. They are separated by semicolons, because paths contain colons. The path
 * of a program may contain blanks if it is quoted or ends with `.exe`. `none` opens nothing.
 *
 * A program may be a batch file, and `cmd` expands variables in its arguments. A URL that names a variable could
 * send its value to the server or run a command, so no command is returned for it.
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

/** The built-in variables of `cmd` with names that begin like a percent-encoded byte: `%CD`. */
const builtIn: readonly string[] = ["CD", "DATE"];

/**
 * Whether `cmd` might expand a variable in `url`: `%NAME%`, or a part of it, `%NAME:~1%`. In a well-formed URL
 * a percent sign is followed by two hexadecimal digits, so few names are possible.
 */
function mayNameVariable(url: string, environment: Environment): boolean {
  if (/%(?![0-9a-f]{2})/i.test(url)) return true;
  const names = url.matchAll(/%([^%:=]+)(?=%|:[^%]*%)/g).map(([, name = ""]) => name);
  return names.some((name) =>
    builtIn.includes(name.toUpperCase()) || environment.get(name) !== undefined
  );
}
